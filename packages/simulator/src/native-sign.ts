import { createECDH, createPrivateKey, hash, type KeyObject, sign } from 'node:crypto';
import { type Algorithm, type Bytes, ED25519, ES256 } from '@tallystick/protocol';
import { softwareSign } from '@tallystick/protocol/software';

/** Order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** Block of SHA-256. */
const BLOCK_BYTES = 64;
/** A sweep makes new keys for every world. */
const KEYS_MAX = 1_024;
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Signs the very bytes that the software signer does (RFC 6979, low-S), several times as fast: the
 * nonce is worked out here, and its point on the curve by OpenSSL. For simulated keys only: nothing in
 * it takes the same time whatever the key is.
 */
export function createNativeSigner(): typeof softwareSign {
  const imported = new Map<string, KeyObject>();
  return (alg, secretKey, message) => {
    if (alg === ES256) return signP256(secretKey, message);
    if (alg === ED25519) return signEd25519(imported, secretKey, message);
    return unknownAlgorithm(alg, secretKey, message);
  };
}

const unknownAlgorithm = (alg: Algorithm, secretKey: Bytes, message: Bytes): Bytes =>
  softwareSign(alg, secretKey, message);

function signEd25519(imported: Map<string, KeyObject>, secretKey: Bytes, message: Bytes): Bytes {
  const name = Buffer.from(secretKey).toString('latin1');
  let key = imported.get(name);
  if (key === undefined) {
    const der = Buffer.concat([PKCS8_ED25519, secretKey]);
    key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    if (imported.size >= KEYS_MAX) imported.clear();
    imported.set(name, key);
  }
  return Uint8Array.from(sign(null, message, key));
}

function signP256(secretKey: Bytes, message: Bytes): Bytes {
  const digest = hash('sha256', message, 'buffer');
  const z = toNumber(digest) % ORDER;
  const secret = toNumber(secretKey);
  for (const nonce of nonces(secretKey, toBytes(z))) {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(nonce);
    const r = toNumber(ecdh.getPublicKey().subarray(1, 33)) % ORDER;
    const s = (inverse(toNumber(nonce)) * (z + r * secret)) % ORDER;
    if (r === 0n || s === 0n) continue;
    const low = s > ORDER >> 1n ? ORDER - s : s;
    return Uint8Array.from(Buffer.concat([toBytes(r), toBytes(low)]));
  }
  throw new Error('the nonces never end');
}

/** HMAC with SHA-256 under a key of 32 bytes: two hashes cost less than importing a key. */
function hmac(key: Bytes, ...parts: readonly Bytes[]): Buffer {
  const [inner, outer] = [Buffer.alloc(BLOCK_BYTES, 0x36), Buffer.alloc(BLOCK_BYTES, 0x5c)];
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  const digest = hash('sha256', Buffer.concat([inner, ...parts]), 'buffer');
  return hash('sha256', Buffer.concat([outer, digest]), 'buffer');
}

/** The nonces of RFC 6979 §3.2 for a key and a digest, one after the other. */
function* nonces(secretKey: Bytes, digest: Bytes): Generator<Buffer> {
  const [zero, one] = [Uint8Array.of(0), Uint8Array.of(1)];
  let v = Buffer.alloc(32, 1);
  let k = Buffer.alloc(32, 0);
  for (const separator of [zero, one]) {
    k = hmac(k, v, separator, secretKey, digest) as typeof k;
    v = hmac(k, v) as typeof v;
  }
  for (;;) {
    v = hmac(k, v) as typeof v;
    const candidate = toNumber(v);
    if (candidate > 0n && candidate < ORDER) yield v;
    k = hmac(k, v, zero) as typeof k;
    v = hmac(k, v) as typeof v;
  }
}

/** Inverse modulo the order, by Euclid's algorithm. */
function inverse(of: bigint): bigint {
  let [a, b] = [of % ORDER, ORDER];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b % a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((x % ORDER) + ORDER) % ORDER;
}

function toNumber(bytes: Bytes): bigint {
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`);
}

function toBytes(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
}
