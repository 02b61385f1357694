import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import {
  type Algorithm,
  ED25519,
  ES256,
  type PublicKey,
  publicKey,
  type SignatureCheck,
} from './algorithm.ts';
import type { Bytes } from './bytes.ts';

/**
 * Signatures in plain JavaScript, for engines without native cryptography and for the deterministic
 * simulator. ES256 is deterministic here (RFC 6979) and low-S.
 */
export function softwareVerify({ key, message, signature }: SignatureCheck): boolean {
  try {
    switch (key.alg) {
      case ES256:
        return p256.verify(signature, message, key.bytes, { lowS: true, prehash: true });
      case ED25519:
        // Strict RFC 8032 verification: ZIP 215 would accept one more Wycheproof case.
        return ed25519.verify(signature, message, key.bytes, { zip215: false });
      default:
        return false;
    }
  } catch {
    // A key that is no point of its curve verifies nothing.
    return false;
  }
}

/** Signs with a 32-byte secret key. */
export function softwareSign(alg: Algorithm, secretKey: Bytes, message: Bytes): Bytes {
  switch (alg) {
    case ES256:
      return p256.sign(message, secretKey, { lowS: true, prehash: true });
    case ED25519:
      return ed25519.sign(message, secretKey);
    default:
      throw new RangeError(`no software signer for algorithm ${alg}`);
  }
}

/** The public half of a 32-byte secret key. */
export function softwarePublicKey(alg: Algorithm, secretKey: Bytes): PublicKey {
  switch (alg) {
    case ES256:
      return publicKey(ES256, p256.getPublicKey(secretKey, true));
    case ED25519:
      return publicKey(ED25519, ed25519.getPublicKey(secretKey));
    default:
      throw new RangeError(`no software key for algorithm ${alg}`);
  }
}

/** A secret key from at least 48 random bytes, without modulo bias. */
export function softwareSecretKey(alg: Algorithm, random: Bytes): Bytes {
  return alg === ES256 ? p256.utils.randomSecretKey(random.slice(0, 48)) : random.slice(0, 32);
}
