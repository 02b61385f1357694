import {
  attempt,
  type Bytes,
  decodeEntry,
  decodeRecord,
  encodeSigned,
  entrySalt,
  equal,
  type LogRecord,
  recordId,
  reject,
  toBeSigned,
  type Unsigned,
} from '@tallystick/protocol';
import { readLog, sign, type Steps } from './effects.ts';
import { keyOf } from './own-keys.ts';
import type { Purse } from './purse.ts';

/** Signs a record whose place in the log is committed. */
export function* signRecord(purse: Purse, record: Unsigned): Steps<Bytes> {
  const key = keyOf(purse, record.kid);
  if (key === undefined) return reject('NEEDS_SYNC', 'the key of that entry is retired');
  const signature = yield* sign(key.slot, record.alg, toBeSigned(record));
  return encodeSigned({ ...record, signature });
}

/** Whether a record is the one that was committed at the position. */
export type Expected = (record: LogRecord, id: Bytes) => boolean;

/**
 * Signs again what was committed at a position: the same content, so the same record. The store is
 * not trusted, and may even have kept entries whose commit it refused, so the salt alone (TS-LOG-3)
 * does not do: the record must be the expected one, or two contents could be signed at one position
 * (INV-ONCE). Rejects: NEEDS_SYNC for an entry that had to make room, TAMPERED.
 */
export function* signAgain(purse: Purse, seq: number, expected: Expected): Steps<Bytes> {
  if (seq < purse.keepFrom) return reject('NEEDS_SYNC', 'that entry is no longer kept');
  const record = yield* readBack(purse, seq, expected);
  if (record === null) return reject('TAMPERED', `log entry ${seq} is gone or was changed`);
  return yield* signRecord(purse, record);
}

/** The record of a log entry as it was committed, or null when the store does not have it. */
export function* readBack(purse: Purse, seq: number, expected: Expected): Steps<Unsigned | null> {
  const stored = yield* readLog(seq);
  const read = attempt(() => {
    const { record, salt } = decodeEntry(stored ?? new Uint8Array(0));
    return { record, salt, content: decodeRecord(record.payload) };
  });
  if (!read.ok) return null;
  const { record, salt, content } = read.value;
  const id = recordId(record);
  const isOwn = equal(entrySalt(purse.secret, id), salt);
  // GUARD same-record (INV-ONCE): a store that puts another entry back gets no signature on it.
  return isOwn && content.seq === seq && expected(content, id) ? record : null;
}
