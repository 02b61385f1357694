import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import {
  type Algorithm,
  type Bytes,
  ED25519,
  ES256,
  normaliseSignature,
  type PublicKey,
  publicKey,
  signatureFromDer,
} from '@tallystick/protocol';
import type { KeyRing, SigningKey } from './keys.ts';
import type { Shelf } from './shelf.ts';

/**
 * Keys of Node's native cryptography, kept on a shelf as PKCS #8.
 *
 * This is the sandbox's custody: whoever reads the shelf has the scheme's root key. A scheme with
 * real money keeps its keys in an HSM, behind the same {@link KeyRing}.
 */
export function createNodeKeys(shelf: Shelf): KeyRing {
  const opened = new Map<string, Promise<SigningKey>>();
  return {
    key: (name, alg) => {
      const known = opened.get(name) ?? open(shelf, name, alg);
      opened.set(name, known);
      return known;
    },
  };
}

async function open(shelf: Shelf, name: string, alg: Algorithm): Promise<SigningKey> {
  const place = `key/${name}`;
  const stored = (await shelf.get(place)) ?? (await shelf.putIfAbsent(place, generate(alg)));
  const secret = createPrivateKey({ key: Buffer.from(stored), format: 'der', type: 'pkcs8' });
  const key = publicHalf(secret);
  if (key.alg !== alg) throw new Error(`the stored key ${name} is for another algorithm`);
  return {
    key,
    sign: (message) =>
      alg === ES256
        ? // DER, since Node's own conversion to the 64 bytes costs as much as the signature.
          normaliseSignature(ES256, signatureFromDer(sign('sha256', message, secret)))
        : Uint8Array.from(sign(null, message, secret)),
  };
}

function generate(alg: Algorithm): Bytes {
  const { privateKey } = alg === ES256 ? ecPair() : edPair(alg);
  return Uint8Array.from(privateKey.export({ format: 'der', type: 'pkcs8' }));
}

function ecPair(): { privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function edPair(alg: Algorithm): { privateKey: KeyObject } {
  if (alg !== ED25519) throw new RangeError(`no native key for algorithm ${alg}`);
  return generateKeyPairSync('ed25519');
}

/** The raw public key, read from the end of its SPKI: a point of 65 bytes, or 32 bytes. */
function publicHalf(secret: KeyObject): PublicKey {
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  if (secret.asymmetricKeyType === 'ed25519') {
    return publicKey(ED25519, Uint8Array.from(spki.subarray(-32)));
  }
  const sign = 2 + ((spki.at(-1) ?? 0) & 1);
  return publicKey(ES256, Uint8Array.of(sign, ...spki.subarray(-64, -32)));
}
