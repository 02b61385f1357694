import { type Bytes, sha256 } from './bytes.ts';
import type { Cbor } from './cbor-item.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { LIMITS } from './limits.ts';
import { reject } from './result.ts';

export type { Cbor };

/**
 * The one deterministic encoding of a value (RFC 8949 §4.2.1; TS-ENC-2). Throws TypeError or
 * RangeError for what no message can hold: that is a programmer's error.
 */
export function encodeCbor(value: Cbor): Bytes {
  const writer = new CborWriter();
  writer.write(value);
  return writer.finish();
}

/** SHA-256 of the deterministic encoding, which is not kept. Throws as {@link encodeCbor} does. */
export function hashCbor(value: Cbor): Bytes {
  const writer = new CborWriter();
  writer.write(value);
  return sha256(writer.peek());
}

/**
 * Decodes exactly one deterministic item (TS-ENC-1 to 4). Whole numbers beyond ±(2^53 − 1) are
 * bigints. Byte strings in the result share one copy of the input, whose memory others may reuse: a
 * copy of each field would cost more than everything else here.
 * Rejects: OVERSIZED, MALFORMED, TRAILING_BYTES, NON_CANONICAL.
 */
export function decodeCbor(bytes: Bytes, maxBytes: number = LIMITS.messageBytes): unknown {
  demandSize(bytes, maxBytes);
  return new CborReader(new Uint8Array(bytes)).readAll();
}

/**
 * {@link decodeCbor} of bytes that lie in a message which was read already, or in memory that nobody
 * writes to any more: the result shares it.
 */
export function decodeInner(bytes: Bytes, maxBytes: number = LIMITS.messageBytes): unknown {
  demandSize(bytes, maxBytes);
  // A Node Buffer is a Uint8Array whose parts are Buffers again: what is read is of plain bytes.
  return new CborReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)).readAll();
}

function demandSize(bytes: Bytes, maxBytes: number): void {
  if (bytes.length > maxBytes) reject('OVERSIZED', `${bytes.length} bytes, at most ${maxBytes}`);
}
