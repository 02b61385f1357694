import { Unzlib, unzlibSync } from 'fflate';
import { type Bytes, concat, equal } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { demand, reject } from './result.ts';

/** Most bytes that a status list unpacks to. */
const BITS_BYTES_MAX = LIMITS.listEntries / 8;
/** Packed bytes that are handed to the inflater at once: with each it may pass the bound, and no further. */
const SLICE_BYTES = 256;
/** Room for the bits of most lists. */
const SMALL_BYTES = 4_096;

/**
 * The bits of a status list out of their zlib form (TS-LST-2), at most `LIMITS.listEntries` of them:
 * the work ends with the slice of packed bytes that leads past that.
 * Rejects: OVERSIZED; BAD_FIELD for what is no zlib data, or has a wrong checksum.
 */
export function unpackBits(packed: Bytes): Bytes {
  const bits = inflateSmall(packed) ?? inflate(packed);
  demand(endsWithSum(packed, bits), 'BAD_FIELD', 'status_list.lst has a wrong checksum');
  return bits;
}

/**
 * A small list in one go, since a stream takes longer to set up than to run; null for anything else.
 * The inflater works on past the end of its room, so it is given no more than a stream would be.
 */
function inflateSmall(packed: Bytes): Bytes | null {
  if (packed.length > SLICE_BYTES) return null;
  // It never writes past the end: one byte of room too many shows an overrun.
  const room = new Uint8Array(SMALL_BYTES + 1);
  try {
    const bits = unzlibSync(packed, { out: room });
    return bits.length > SMALL_BYTES ? null : bits;
  } catch {
    return null;
  }
}

function inflate(packed: Bytes): Bytes {
  const parts: Bytes[] = [];
  let length = 0;
  const stream = new Unzlib((part) => {
    parts.push(part);
    length += part.length;
  });
  for (let at = 0; at < packed.length; at += SLICE_BYTES) {
    const end = at + SLICE_BYTES;
    try {
      stream.push(packed.subarray(at, end), end >= packed.length);
    } catch {
      reject('BAD_FIELD', 'status_list.lst is not zlib data');
    }
    demand(length <= BITS_BYTES_MAX, 'OVERSIZED', 'status_list.lst unpacked');
  }
  return concat(...parts);
}

/** Whether the last four bytes are the Adler-32 sum of the unpacked ones (RFC 1950), which the inflater skips. */
function endsWithSum(packed: Bytes, unpacked: Bytes): boolean {
  let low = 1;
  let high = 0;
  for (const byte of unpacked) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return equal(packed.subarray(-4), Uint8Array.of(high >> 8, high & 255, low >> 8, low & 255));
}
