import type { Bytes } from '@tallystick/protocol';

/** First byte of a log entry: an array of five. */
const ENTRY = 0x85;
const ENTRY_ELEMENTS = 5;
const NULL = 0xf6;

/**
 * The entries of a log: CBOR items one after another (a sequence, RFC 8742). Null when the bytes do
 * not look like that from end to end. What each entry holds is for its own decoder.
 */
export function splitEntries(wire: Bytes): readonly Bytes[] | null {
  const entries: Bytes[] = [];
  for (let at = 0; at < wire.length; ) {
    const end = entryEnd(wire, at);
    if (end === null) return null;
    entries.push(wire.slice(at, end));
    at = end;
  }
  return entries.length === 0 ? null : entries;
}

function entryEnd(wire: Bytes, start: number): number | null {
  if (wire[start] !== ENTRY) return null;
  let at = start + 1;
  for (let element = 0; element < ENTRY_ELEMENTS; element++) {
    const end = elementEnd(wire, at);
    if (end === null) return null;
    at = end;
  }
  return at;
}

/** Past a byte string with a head of up to three bytes, or past null. */
function elementEnd(wire: Bytes, at: number): number | null {
  const initial = wire[at];
  if (initial === undefined) return null;
  if (initial === NULL) return at + 1;
  const head = headOf(initial, wire[at + 1] ?? 0, wire[at + 2] ?? 0);
  if (head === null) return null;
  const end = at + head.bytes + head.length;
  return end <= wire.length ? end : null;
}

function headOf(
  initial: number,
  first: number,
  second: number,
): { readonly bytes: number; readonly length: number } | null {
  if (initial >= 0x40 && initial <= 0x57) return { bytes: 1, length: initial - 0x40 };
  if (initial === 0x58) return { bytes: 2, length: first };
  if (initial === 0x59) return { bytes: 3, length: first * 256 + second };
  return null;
}
