import {
  type Algorithm,
  type Bytes,
  ED25519,
  ES256,
  hasStrictForm,
  normaliseSignature,
  type PublicKey,
  publicKey,
  type SignatureCheck,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';

/** A private key that the browser keeps and never gives out, and its public half. */
export interface BrowserKey {
  readonly key: CryptoKey;
  readonly half: PublicKey;
}

/** A new key; null for an algorithm that this browser has no keys of. */
export async function generateKey(alg: Algorithm): Promise<BrowserKey | null> {
  const params = keyParams(alg);
  if (params === null) return null;
  try {
    const pair = await crypto.subtle.generateKey(params, false, ['sign', 'verify']);
    if (!('privateKey' in pair)) return null;
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return { key: pair.privateKey, half: publicKey(alg, alg === ES256 ? compressed(raw) : raw) };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return null;
    throw error;
  }
}

/** An uncompressed point (SEC 1, 2.3.3) as the protocol writes it. */
function compressed(point: Bytes): Bytes {
  return Uint8Array.of((point.at(-1) ?? 0) % 2 === 0 ? 2 : 3, ...point.subarray(1, 33));
}

/** Signs; ES256 comes out in its low-S form (TS-SIG-4), which browsers do not see to. */
export async function signWith({ key, half }: BrowserKey, message: Bytes): Promise<Bytes> {
  const signature = await crypto.subtle.sign(signParams(half.alg), key, shareable(message));
  return normaliseSignature(half.alg, new Uint8Array(signature));
}

/**
 * A verifier on the browser's own cryptography. What a browser does not import, be it a compressed point, an
 * algorithm or no key at all, is judged in plain JavaScript, which agrees with it on everything else.
 *
 * @param keysMax keys to keep imported
 */
export function webVerifier(keysMax: number): (check: SignatureCheck) => Promise<boolean> {
  const imported = new Map<string, CryptoKey>();
  return async (check) => {
    if (!hasStrictForm(check)) return false;
    const { key, message, signature } = check;
    const name = `${key.alg} ${key.bytes.join()}`;
    const usable = imported.get(name) ?? (await importKey(key));
    if (usable === null) return softwareVerify(check);
    imported.delete(name);
    imported.set(name, usable);
    const [oldest = name] = imported.keys();
    if (imported.size > keysMax) imported.delete(oldest);
    const [signed, by] = [shareable(message), shareable(signature)];
    return crypto.subtle.verify(signParams(key.alg), usable, by, signed);
  };
}

async function importKey({ alg, bytes }: PublicKey): Promise<CryptoKey | null> {
  const params = keyParams(alg);
  if (params === null) return null;
  try {
    return await crypto.subtle.importKey('raw', shareable(bytes), params, false, ['verify']);
  } catch {
    return null;
  }
}

function keyParams(alg: Algorithm): EcKeyGenParams | { readonly name: string } | null {
  if (alg === ES256) return { name: 'ECDSA', namedCurve: 'P-256' };
  return alg === ED25519 ? { name: 'Ed25519' } : null;
}

function signParams(alg: Algorithm): EcdsaParams | { readonly name: string } {
  return alg === ES256 ? { name: 'ECDSA', hash: 'SHA-256' } : { name: 'Ed25519' };
}

/** A copy in memory of its own: WebCrypto takes no view of what other threads might share. */
export function shareable(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
