import { type Bytes, fromHex } from './bytes.ts';
import type { Cbor } from './cbor.ts';
import { demand, reject } from './result.ts';

/** COSE algorithm identifiers of the scheme (TS-ALG-1): ES256, Ed25519 (RFC 9864), ML-DSA-44. */
export const ES256 = -7;
export const ED25519 = -19;
export const ML_DSA_44 = -48;

export type Algorithm = typeof ES256 | typeof ED25519 | typeof ML_DSA_44;

interface AlgorithmRow {
  readonly name: string;
  /** Raw public key: a compressed SEC 1 point, an RFC 8032 key, or a FIPS 204 key. */
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;
}

/**
 * Sizes by algorithm. ML-DSA-44 fits every type here and is sized by tests; no environment signs
 * with it yet.
 */
export const ALGORITHMS: Readonly<Record<Algorithm, AlgorithmRow>> = {
  [ES256]: { name: 'ES256', publicKeyBytes: 33, signatureBytes: 64 },
  [ED25519]: { name: 'Ed25519', publicKeyBytes: 32, signatureBytes: 64 },
  [ML_DSA_44]: { name: 'ML-DSA-44', publicKeyBytes: 1312, signatureBytes: 2420 },
};

/** A public key with the one algorithm it may be used with (TS-ALG-2). */
export interface PublicKey {
  readonly alg: Algorithm;
  /** Raw bytes, of the length in {@link ALGORITHMS}. */
  readonly bytes: Bytes;
}

/** One signature to verify; whoever hosts the protocol carries it out. */
export interface SignatureCheck {
  readonly key: PublicKey;
  /** The to-be-signed bytes, unhashed. */
  readonly message: Bytes;
  readonly signature: Bytes;
}

/**
 * A check that needs signatures verified along the way: it yields each {@link SignatureCheck} and
 * is resumed with the verdict. One definition so serves synchronous, asynchronous and stepped hosts.
 */
export type Checking<T> = Generator<SignatureCheck, T, boolean>;

/** Runs a checking against a synchronous verifier. */
export function runChecking<T>(
  checking: Checking<T>,
  verify: (check: SignatureCheck) => boolean,
): T {
  let turn = checking.next();
  while (turn.done !== true) turn = checking.next(verify(turn.value));
  return turn.value;
}

/** The algorithm of an identifier (TS-ALG-1). Rejects: UNKNOWN_ALGORITHM. */
export function toAlgorithm(item: unknown): Algorithm {
  if (item === ES256 || item === ED25519 || item === ML_DSA_44) return item;
  return reject('UNKNOWN_ALGORITHM', typeof item === 'number' ? String(item) : 'not a number');
}

/**
 * A key of the length and form of its algorithm (TS-ALG-3). Whether it is a point of its curve shows
 * when it verifies something. Rejects: BAD_FIELD.
 */
export function publicKey(alg: Algorithm, bytes: Bytes): PublicKey {
  demand(
    bytes.length === ALGORITHMS[alg].publicKeyBytes,
    'BAD_FIELD',
    `${ALGORITHMS[alg].name} public key length`,
  );
  if (alg === ES256)
    demand(bytes[0] === 2 || bytes[0] === 3, 'BAD_FIELD', 'ES256 public key must be compressed');
  return { alg, bytes };
}

/** A public key as files write it for people. */
export interface KeyText {
  /** Its COSE name, such as `ES256`. */
  readonly algorithm: string;
  /** Raw public key in hex. */
  readonly key: string;
}

/** Rejects: BAD_FIELD, UNKNOWN_ALGORITHM. */
export function keyOfText({ algorithm, key }: KeyText): PublicKey {
  const entry = Object.entries(ALGORITHMS).find(([, { name }]) => name === algorithm);
  if (entry === undefined) return reject('UNKNOWN_ALGORITHM', algorithm);
  const bytes = fromHex(key) ?? reject('BAD_FIELD', 'a public key is in hex');
  return publicKey(Number(entry[0]) as Algorithm, bytes);
}

/** The key as a COSE_Key (RFC 9053 §7; RFC 9864): EC2 with a sign bit for y, OKP, or AKP. */
export function toCoseKey(key: PublicKey): ReadonlyMap<number, Cbor> {
  if (key.alg === ES256) {
    return new Map<number, Cbor>([
      [1, 2],
      [-1, 1],
      [-2, key.bytes.slice(1)],
      [-3, key.bytes[0] === 3],
    ]);
  }
  if (key.alg === ED25519)
    return new Map<number, Cbor>([
      [1, 1],
      [-1, 6],
      [-2, key.bytes],
    ]);
  return new Map<number, Cbor>([
    [1, 7],
    [3, key.alg],
    [-1, key.bytes],
  ]);
}

/** Reads a COSE_Key that {@link toCoseKey} could have written, and no other. */
export function fromCoseKey(item: unknown): PublicKey {
  if (!(item instanceof Map)) return reject('BAD_FIELD', 'key must be a COSE_Key');
  const shape = [...item.keys()].join();
  const bytes = (label: number): Bytes => {
    const value: unknown = item.get(label);
    return value instanceof Uint8Array ? value.slice() : reject('BAD_FIELD', `key[${label}]`);
  };
  if (shape === '1,-1,-2,-3' && item.get(1) === 2 && item.get(-1) === 1) {
    const sign: unknown = item.get(-3);
    demand(typeof sign === 'boolean', 'BAD_FIELD', 'key[-3] must be the sign of y');
    return publicKey(ES256, Uint8Array.of(sign ? 3 : 2, ...bytes(-2)));
  }
  if (shape === '1,-1,-2' && item.get(1) === 1 && item.get(-1) === 6)
    return publicKey(ED25519, bytes(-2));
  if (shape === '1,3,-1' && item.get(1) === 7 && item.get(3) === ML_DSA_44)
    return publicKey(ML_DSA_44, bytes(-1));
  return reject('UNKNOWN_ALGORITHM', 'key type');
}
