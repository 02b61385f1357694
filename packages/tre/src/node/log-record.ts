import { createHash } from 'node:crypto';
import { type Bytes, concat, LIMITS } from '@tallystick/protocol';

/**
 * One record of the log file: position and length (4 bytes each, big-endian), the entry, and the
 * first 8 bytes of the SHA-256 of all of these. Positions only rise.
 */
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 8;
/** An entry holds one message and its evidence, another message. */
const ENTRY_BYTES_MAX = 2 * LIMITS.messageBytes + 1_024;

/** Where a record lies in the file. */
export interface Place {
  readonly seq: number;
  /** Offset and length of the whole record. */
  readonly at: number;
  readonly length: number;
}

export function encodeRecord(seq: number, entry: Bytes): Bytes {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, seq);
  view.setUint32(4, entry.length);
  return concat(head, entry, checksum(head, entry));
}

/** The entry of a record that was read whole, or null when its bytes were changed. */
export function entryOf(record: Bytes): Bytes | null {
  const head = record.subarray(0, HEAD_BYTES);
  const entry = record.subarray(HEAD_BYTES, -CHECKSUM_BYTES);
  return isSame(record.subarray(-CHECKSUM_BYTES), checksum(head, entry)) ? entry.slice() : null;
}

/** The records from the start of a file up to its end, or to the first that is not whole. */
export function scanRecords(file: Bytes): readonly Place[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const places: Place[] = [];
  let at = 0;
  let last = 0;
  while (at + HEAD_BYTES <= file.length) {
    const seq = view.getUint32(at);
    const entryBytes = view.getUint32(at + 4);
    const length = HEAD_BYTES + entryBytes + CHECKSUM_BYTES;
    if (seq <= last || entryBytes > ENTRY_BYTES_MAX || at + length > file.length) break;
    if (entryOf(file.subarray(at, at + length)) === null) break;
    places.push({ seq, at, length });
    last = seq;
    at += length;
  }
  return places;
}

function checksum(head: Bytes, entry: Bytes): Bytes {
  return createHash('sha256').update(head).update(entry).digest().subarray(0, CHECKSUM_BYTES);
}

function isSame(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
