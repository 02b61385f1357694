import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { KeyKind } from './key-files.ts';
import { generateKey, nativeSign, publicHalf } from './native-crypto.ts';

/** Private keys in this process's memory, written as PKCS #8: open to whoever can read what is written. */
export const pemKeys: KeyKind<KeyObject> = nativeKeys('pem');
export const derKeys: KeyKind<KeyObject> = nativeKeys('der');

function nativeKeys(format: 'pem' | 'der'): KeyKind<KeyObject> {
  return {
    suffix: `.${format}`,
    make: generateKey,
    publicHalf,
    sign: nativeSign,
    write: (key) => Uint8Array.from(Buffer.from(key.export({ format, type: 'pkcs8' } as never))),
    read: (bytes) => {
      try {
        return createPrivateKey({ key: Buffer.from(bytes), format, type: 'pkcs8' });
      } catch {
        return null;
      }
    },
  };
}
