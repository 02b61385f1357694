import type { Bytes } from './bytes.ts';
import { LIMITS } from './limits.ts';

/**
 * One bit for each status index, least significant first (TS-LST-1). Indices past the end are not set.
 * Throws RangeError for what is no status index: a revocation must never be lost in silence.
 */
export function statusBits(indices: readonly number[]): Bytes {
  const highest = indices.reduce((most, index) => Math.max(most, checkedIndex(index)), 0);
  const bits = new Uint8Array(Math.floor(highest / 8) + 1);
  for (const index of indices) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}

function checkedIndex(index: number): number {
  if (Number.isInteger(index) && index >= 0 && index < LIMITS.listEntries) return index;
  throw new RangeError(`${index} is no status index`);
}

/** Whether the bit of a status index is set. */
export function isStatusSet(bits: Bytes, statusIndex: number): boolean {
  return (((bits[statusIndex >> 3] ?? 0) >> (statusIndex & 7)) & 1) === 1;
}

/**
 * The indices of the bits that are set, ascending: up to `LIMITS.listEntries` numbers, from a list that
 * travels in a thousand bytes. Asked only of a list whose signature holds.
 */
export function statusIndices(bits: Bytes): number[] {
  const indices: number[] = [];
  bits.forEach((byte, at) => {
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) indices.push(at * 8 + bit);
  });
  return indices;
}
