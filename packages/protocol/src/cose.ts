import {
  ALGORITHMS,
  type Algorithm,
  type Checking,
  ES256,
  type PublicKey,
  toAlgorithm,
} from './algorithm.ts';
import { type Bytes, fromHex } from './bytes.ts';
import { type Cbor, decodeCbor, decodeInner, encodeCbor, hashCbor } from './cbor.ts';
import { LIMITS } from './limits.ts';
import { demand, reject } from './result.ts';

/** Bytes that name a certificate: the first eight of its id (TS-CRT-3). */
export const REF_BYTES = 8;
export const NO_EXTERNAL: Bytes = new Uint8Array(0);

/** What a signature covers, before it is made (TS-SIG-1). */
export interface Unsigned {
  readonly alg: Algorithm;
  /** Reference of the signer's certificate, 8 bytes; COSE `kid`. */
  readonly kid: Bytes;
  /** COSE external data: the digest of the request for a payment, else empty. */
  readonly external: Bytes;
  /** Deterministic CBOR of the message. */
  readonly payload: Bytes;
  /** COSE `typ` (RFC 9596), only where a standard demands one. */
  readonly typ?: string;
}

export interface Signed extends Unsigned {
  readonly signature: Bytes;
}

/** The header of each algorithm, which ends with the eight bytes of its `kid`. */
const HEADERS = new Map<Algorithm, Bytes>();

/** The protected header, where it stands until the next is made. */
function protectedHeader(message: Unsigned): Bytes {
  const { alg, kid, typ } = message;
  if (typ !== undefined || kid.length !== REF_BYTES) return encodeHeader(message);
  let header = HEADERS.get(alg);
  if (header === undefined) {
    header = encodeHeader(message);
    HEADERS.set(alg, header);
  }
  header.set(kid, header.length - REF_BYTES);
  return header;
}

function encodeHeader(message: Unsigned): Bytes {
  const header: [number, Cbor][] = [
    [1, message.alg],
    [4, message.kid],
  ];
  if (message.typ !== undefined) header.push([16, message.typ]);
  return encodeCbor(new Map(header));
}

function sigStructure(message: Unsigned): Cbor {
  return ['Signature1', protectedHeader(message), message.external, message.payload];
}

/** The Sig_structure of RFC 9052 §4.4. */
export function toBeSigned(message: Unsigned): Bytes {
  return encodeCbor(sigStructure(message));
}

/** A record's identity: SHA-256 over its to-be-signed bytes, never over its signature (TS-SIG-2). */
export function recordId(message: Unsigned): Bytes {
  return hashCbor(sigStructure(message));
}

/** COSE_Sign1, untagged, with an empty unprotected header (TS-SIG-1). */
export function encodeSigned(message: Signed): Bytes {
  return encodeCbor([protectedHeader(message), new Map(), message.payload, message.signature]);
}

/**
 * Reads a COSE_Sign1 with the one header layout of this scheme. External data does not travel in
 * it: the caller says what it must have been.
 * Rejects: decoding codes, UNKNOWN_ALGORITHM, HIGH_S.
 */
export function decodeSigned(
  bytes: Bytes,
  external: Bytes = NO_EXTERNAL,
  options: { readonly typ?: string; readonly maxBytes?: number } = {},
): Signed {
  const item = decodeCbor(bytes, options.maxBytes ?? LIMITS.messageBytes);
  demand(Array.isArray(item), 'WRONG_KIND', 'not a COSE_Sign1');
  demand(item.length >= 4, 'MISSING_FIELD', 'COSE_Sign1 has four parts');
  demand(item.length === 4, 'BAD_FIELD', 'COSE_Sign1 has four parts');
  const [header, unprotected, payload, signature] = item as unknown[];
  demand(header instanceof Uint8Array, 'BAD_FIELD', 'protected header');
  // GUARD empty-unprotected (rule 1): what no signature covers is not there.
  demand(
    unprotected instanceof Map && unprotected.size === 0,
    'BAD_FIELD',
    'the unprotected header must be empty',
  );
  demand(payload instanceof Uint8Array, 'BAD_FIELD', 'payload');
  demand(signature instanceof Uint8Array, 'BAD_FIELD', 'signature');
  const { alg, kid } = decodeHeader(header, options.typ);
  checkSignatureForm(alg, signature);
  const typ = options.typ === undefined ? {} : { typ: options.typ };
  return { alg, kid, external, payload, signature, ...typ };
}

/** Reads a protected header: exactly `alg` and an 8-byte `kid`, and `typ` where it is expected. */
export function decodeHeader(bytes: Bytes, typ?: string): { alg: Algorithm; kid: Bytes } {
  const header = decodeInner(bytes);
  demand(header instanceof Map, 'BAD_FIELD', 'protected header');
  if (typ !== undefined && header.has(16)) {
    demand(header.get(16) === typ, 'WRONG_KIND', `typ must be ${typ}`);
  }
  for (const label of typ === undefined ? [1, 4] : [1, 4, 16]) {
    demand(header.has(label), 'MISSING_FIELD', `header[${label}]`);
  }
  demand(header.size === (typ === undefined ? 2 : 3), 'BAD_FIELD', 'unknown header');
  const kid: unknown = header.get(4);
  demand(kid instanceof Uint8Array && kid.length === REF_BYTES, 'BAD_FIELD', 'kid must be 8 bytes');
  return { alg: toAlgorithm(header.get(1)), kid };
}

/** Order of P-256, big-endian. */
const ORDER = scalar('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
/** Half of it: a low-S signature has s at most this (TS-SIG-4). */
const HALF_ORDER = scalar('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8');

function scalar(hex: string): Bytes {
  return fromHex(hex) ?? new Uint8Array(0);
}

function checkSignatureForm(alg: Algorithm, signature: Bytes): void {
  demand(signature.length === ALGORITHMS[alg].signatureBytes, 'BAD_FIELD', 'signature length');
  // GUARD low-s (rule 1): (r, n - s) verifies too, so one of the two forms is refused.
  if (alg === ES256 && isHighS(signature)) reject('HIGH_S');
}

/** Whether the s of an ES256 signature is above half the order; its first byte tells almost always. */
function isHighS(signature: Bytes): boolean {
  for (let index = 0; index < 32; index++) {
    const difference = (signature[32 + index] ?? 0) - (HALF_ORDER[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Brings an ES256 signature into its low-S form, as hardware does not (TS-SIG-4). */
export function normaliseSignature(alg: Algorithm, signature: Bytes): Bytes {
  if (alg !== ES256 || !isHighS(signature)) return signature;
  const out = signature.slice();
  let borrow = 0;
  for (let index = 31; index >= 0; index--) {
    const difference = (ORDER[index] ?? 0) - (signature[32 + index] ?? 0) - borrow;
    // A byte keeps the last eight bits of what it is set to.
    out[32 + index] = difference;
    borrow = difference < 0 ? 1 : 0;
  }
  return out;
}

/** Demands that the message is signed by this key, with this key's algorithm. */
export function* checkSignature(message: Signed, key: PublicKey): Checking<void> {
  demand(message.alg === key.alg, 'ALGORITHM_MISMATCH', ALGORITHMS[message.alg].name);
  const holds = yield { key, message: toBeSigned(message), signature: message.signature };
  if (!holds) reject('BAD_SIGNATURE');
}
