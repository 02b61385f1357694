import { type Bytes, concat, equal, sha256 } from '@tallystick/protocol';

const CHECKSUM_BYTES = 32;

/** Bytes with their SHA-256 behind them. */
export function withChecksum(body: Bytes): Bytes {
  return concat(body, sha256(body));
}

/**
 * The bytes that were given a checksum; null where it does not fit. It tells what is damaged from what is whole,
 * nothing more: whoever can write the one can write the other.
 */
export function withoutChecksum(bytes: Bytes): Bytes | null {
  const body = bytes.subarray(0, -CHECKSUM_BYTES);
  return equal(bytes.subarray(body.length), sha256(body)) ? body : null;
}
