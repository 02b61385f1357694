import {
  attempt,
  type Bytes,
  decodeEntry,
  decodeRecord,
  demand,
  type LogEntry,
  type LogRecord,
  nextHead,
  RECORD,
  recordId,
  type Refusal,
  type Result,
  toHex,
} from '@tallystick/protocol';
import type { CertificateRef, ClaimRow, FactRow, Head, PurseId, RecordId } from '../store/rows.ts';

/** A log entry that was read strictly, with the places it names. Nothing vouches for it yet. */
export interface Entry {
  /** Position in the upload; null for one that was kept from an earlier upload. */
  readonly index: number | null;
  readonly bytes: Bytes;
  readonly log: LogEntry;
  readonly record: LogRecord;
  readonly id: RecordId;
  /** Certificate it says it is signed under. */
  readonly kid: CertificateRef;
  /** The payment that a receipt, void or restore takes up; null for other records. */
  readonly payment: RecordId | null;
  /** Head before and after it. */
  readonly before: Head;
  readonly after: Head;
}

/** Reads one uploaded entry. Errors: decoding codes; BAD_FIELD for external data out of place. */
export function readEntry(bytes: Bytes, index: number | null): Result<Entry> {
  return attempt(() => {
    const log = decodeEntry(bytes);
    const record = decodeRecord(log.record.payload);
    const wanted = record.kind === RECORD.payment ? 32 : 0;
    demand(log.record.external.length === wanted, 'BAD_FIELD', 'external data of an entry');
    const id = recordId(log.record);
    return {
      index,
      bytes,
      log,
      record,
      id: toHex(id),
      kid: toHex(log.record.kid),
      payment: 'paymentId' in record ? toHex(record.paymentId) : null,
      before: toHex(record.head),
      after: toHex(nextHead(record.head, log.salt, id)),
    };
  });
}

/** Reads the entries of an upload; those that are none are refused, by position in the upload. */
export function readEntries(bytes: readonly Bytes[]): { entries: Entry[]; refused: Refusal[] } {
  const entries: Entry[] = [];
  const refused: Refusal[] = [];
  for (const [index, each] of bytes.entries()) {
    const read = readEntry(each, index);
    if (read.ok) entries.push(read.value);
    else refused.push({ index, code: read.error.code });
  }
  return { entries, refused };
}

/** The entry as a fact; `signature` where it is known. */
export function factOf(purse: PurseId, entry: Entry, signature: Bytes | null): FactRow {
  const { log, record } = entry;
  return {
    purse,
    key: entry.after,
    id: entry.id,
    seq: record.seq,
    kind: record.kind,
    alg: log.record.alg,
    kid: entry.kid,
    external: log.record.external,
    payload: log.record.payload,
    salt: log.salt,
    evidence: log.evidence,
    signature,
  };
}

/** A claim keeps its bytes alone: those at hand are a view of the whole upload. */
export function claimOf(purse: PurseId, entry: Entry): ClaimRow {
  return { purse, key: entry.after, seq: entry.record.seq, entry: entry.bytes.slice() };
}
