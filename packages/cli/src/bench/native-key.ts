import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  type Bytes,
  ES256,
  normaliseSignature,
  type PublicKey,
  publicKey,
  signatureFromDer,
} from '@tallystick/protocol';

/** An ES256 key on the engine's own cryptography. */
export interface NativeKey {
  readonly publicKey: PublicKey;
  readonly sign: (message: Bytes) => Bytes;
  readonly privateKey: KeyObject;
}

export function nativeKey(): NativeKey {
  return nativeKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

/** The same of a private key of P-256 that is there. */
export function nativeKeyOf(privateKey: KeyObject): NativeKey {
  return {
    privateKey,
    publicKey: publicHalf(privateKey),
    // DER, since Node's own conversion to the 64 bytes costs as much as the signature.
    sign: (message) =>
      normaliseSignature(ES256, signatureFromDer(sign('sha256', message, privateKey))),
  };
}

/** Both coordinates stand at the end of the key's SPKI. */
function publicHalf(key: KeyObject): PublicKey {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const [x, y] = [spki.subarray(-64, -32), spki.subarray(-32)];
  return publicKey(ES256, Uint8Array.of((y.at(-1) ?? 0) % 2 === 0 ? 2 : 3, ...x));
}
