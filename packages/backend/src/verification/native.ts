import { createPublicKey, type KeyObject, type KeyType, verify } from 'node:crypto';
import {
  type Algorithm,
  ED25519,
  ES256,
  hasStrictForm,
  type PublicKey,
  type SignatureCheck,
  signatureToDer,
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
  // Node takes the 64 bytes too, but its own conversion costs a third as much as the verification.
  return verify('sha256', message, key, signatureToDer(signature));
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

function importPublicKey({ alg, bytes }: PublicKey): KeyObject | null {
  try {
    // Raw, as keys come: Node unpacks a point in less time than a detour by JWK or SPKI takes.
    return createPublicKey({ format: 'raw-public', key: Buffer.from(bytes), ...typeOf(alg) });
  } catch {
    // Bytes that are no point of the curve verify nothing.
    return null;
  }
}

function typeOf(alg: Algorithm): { asymmetricKeyType: KeyType; namedCurve?: string } {
  if (alg === ED25519) return { asymmetricKeyType: 'ed25519' };
  if (alg === ES256) return { asymmetricKeyType: 'ec', namedCurve: 'P-256' };
  throw new RangeError(`no native verification for algorithm ${alg}`);
}
