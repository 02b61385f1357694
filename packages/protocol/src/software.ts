import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha512 } from '@noble/hashes/sha2.js';
import {
  type Algorithm,
  ED25519,
  ES256,
  type PublicKey,
  publicKey,
  type SignatureCheck,
} from './algorithm.ts';
import { type Bytes, concat } from './bytes.ts';
import { hasStrictForm } from './strict-signature.ts';

/**
 * Signatures in plain JavaScript, for engines without native cryptography and for the deterministic
 * simulator. ES256 is deterministic here (RFC 6979) and low-S.
 */
export function softwareVerify(check: SignatureCheck): boolean {
  const { key, message, signature } = check;
  if (!hasStrictForm(check)) return false;
  try {
    switch (key.alg) {
      case ES256:
        return p256.verify(signature, message, key.bytes, { lowS: true, prehash: true });
      case ED25519:
        return verifyEd25519(signature, message, key.bytes);
      default:
        return false;
    }
  } catch {
    // A key that is no point of its curve verifies nothing.
    return false;
  }
}

/**
 * The plain equation of RFC 8032 §5.1.7 (TS-ALG-5). The library's own verifier multiplies both sides
 * by the cofactor: it so accepts what native verifiers refuse. Throws for what is no point.
 */
function verifyEd25519(signature: Bytes, message: Bytes, keyBytes: Bytes): boolean {
  const { Point } = ed25519;
  const [commitment, s] = [signature.subarray(0, 32), signature.slice(32)];
  const hash = sha512(concat(commitment, keyBytes, message));
  const challenge = Point.Fn.create(littleEndian(hash));
  const key = Point.fromBytes(keyBytes).multiplyUnsafe(challenge);
  const right = Point.fromBytes(commitment).add(key);
  return Point.BASE.multiplyUnsafe(littleEndian(s)).equals(right);
}

function littleEndian(bytes: Bytes): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Signs with a 32-byte secret key. */
export function softwareSign(alg: Algorithm, secretKey: Bytes, message: Bytes): Bytes {
  switch (alg) {
    case ES256:
      // GUARD same-signature (rule 17): RFC 6979, so that a seed gives the same bytes.
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
