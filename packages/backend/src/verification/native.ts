import { createPublicKey, ECDH, type KeyObject, verify } from 'node:crypto';
import {
  ED25519,
  ES256,
  hasStrictForm,
  type PublicKey,
  type SignatureCheck,
} from '@tallystick/protocol';

/** Verifies one signature. */
export type Verify = (check: SignatureCheck) => boolean;

/**
 * A verifier on the engine's native cryptography that keeps the keys it used last imported, since
 * importing a key costs about as much as a verification.
 *
 * @param keysMax imported keys to keep, 3 to 5 kB each
 */
export function createNativeVerifier(keysMax: number): Verify {
  const importKey = rememberRecent(keysMax);
  return (check) => {
    if (!hasStrictForm(check)) return false;
    const key = importKey(check.key);
    return key !== null && verifyWith(key, check);
  };
}

function verifyWith(key: KeyObject, { key: { alg }, message, signature }: SignatureCheck): boolean {
  if (alg === ED25519) return verify(null, message, key, signature);
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** Imports keys, remembering the last `keysMax` of them; null for bytes that are no key. */
function rememberRecent(keysMax: number): (key: PublicKey) => KeyObject | null {
  const recent = new Map<string, KeyObject>();
  return (key) => {
    // One character a byte: the cheapest way to make bytes a map key.
    const name = `${key.alg}:${Buffer.from(key.bytes).toString('latin1')}`;
    const known = recent.get(name);
    const imported = known ?? importPublicKey(key);
    if (imported === null) return null;
    if (known !== undefined) recent.delete(name);
    recent.set(name, imported);
    if (recent.size > keysMax) recent.delete(recent.keys().next().value ?? name);
    return imported;
  };
}

function importPublicKey(key: PublicKey): KeyObject | null {
  try {
    return createPublicKey({ format: 'jwk', key: toJwk(key) });
  } catch {
    // Bytes that are no point of the curve verify nothing.
    return null;
  }
}

function toJwk({ alg, bytes }: PublicKey): Record<string, string> {
  if (alg === ED25519) return { kty: 'OKP', crv: 'Ed25519', x: base64url(bytes) };
  if (alg !== ES256) throw new RangeError(`no native verification for algorithm ${alg}`);
  // Unpacking the point and importing a JWK takes half the time of importing a packed SPKI.
  const point = ECDH.convertKey(
    Buffer.from(bytes),
    'prime256v1',
    undefined,
    undefined,
    'uncompressed',
  ) as Buffer;
  return {
    kty: 'EC',
    crv: 'P-256',
    x: base64url(point.subarray(1, 33)),
    y: base64url(point.subarray(33)),
  };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
