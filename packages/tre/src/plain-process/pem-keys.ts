import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { KeyKind } from '../node/key-files.ts';
import { generateKey, nativeSign, publicHalf } from '../node/native-crypto.ts';

/** Private keys in PEM, open to the owner of the device: that is the point of this baseline. */
export const pemKeys: KeyKind<KeyObject> = {
  suffix: '.pem',
  make: generateKey,
  publicHalf,
  sign: nativeSign,
  write: (key) => Buffer.from(key.export({ format: 'pem', type: 'pkcs8' })),
  read: (bytes) => {
    try {
      return createPrivateKey(Buffer.from(bytes));
    } catch {
      return null;
    }
  },
};
