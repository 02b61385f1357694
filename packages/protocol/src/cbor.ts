import { dcborDecodeOptions, dcborEncodeOptions, decode, decodeSequence, encode } from 'cbor2';
import type { Bytes } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { reject } from './result.ts';

/** What a message is made of: no floats, tags, undefined or indefinite lengths (TS-ENC-2). */
export type Cbor =
  | number
  | bigint
  | string
  | boolean
  | null
  | Bytes
  | readonly Cbor[]
  | ReadonlyMap<number | string, Cbor>;

const STRICT: Parameters<typeof decode>[1] = {
  ...dcborDecodeOptions,
  // Without these cbor2 rounds 2^53 + 1 to a number, and accepts floats and tagged big integers.
  convertUnsafeIntsToFloat: false,
  rejectBigInts: true,
  rejectFloats: true,
  preferMap: true,
  maxDepth: LIMITS.nesting,
  // A tag is a Tag object here, which no field accepts: dates and regular expressions are not built.
  tags: new Map(),
};

/** The one deterministic encoding of a value (RFC 8949 §4.2.1; TS-ENC-2). */
export function encodeCbor(value: Cbor): Bytes {
  return encode(value, dcborEncodeOptions);
}

/**
 * Decodes exactly one deterministic item (TS-ENC-1 to 4). Byte strings in the result may alias
 * the input; field decoders copy what they keep.
 * Rejects: OVERSIZED, MALFORMED, TRAILING_BYTES, NON_CANONICAL.
 */
export function decodeCbor(bytes: Bytes, maxBytes: number = LIMITS.messageBytes): unknown {
  if (bytes.length > maxBytes) reject('OVERSIZED', `${bytes.length} bytes, at most ${maxBytes}`);
  // cbor2 treats a Node Buffer apart; a plain view of the same memory is what we mean.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return decode(plain, STRICT);
  } catch {
    return explain(plain);
  }
}

/** Finds out which rule a refused input broke: it runs only after the strict decoder said no. */
function explain(bytes: Bytes): never {
  let items = 0;
  try {
    for (const _ of decodeSequence(bytes, { maxDepth: LIMITS.nesting, tags: new Map() })) {
      if (++items > 1) break;
    }
  } catch {
    reject(items === 0 ? 'MALFORMED' : 'TRAILING_BYTES');
  }
  if (items === 0) reject('MALFORMED', 'empty input');
  if (items > 1) reject('TRAILING_BYTES');
  return reject('NON_CANONICAL');
}
