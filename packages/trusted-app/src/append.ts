import {
  type Bytes,
  type Cbor,
  decodeEntry,
  decodePurseCertificate,
  demand,
  encodeCbor,
  encodeEntry,
  encodeSigned,
  entrySalt,
  equal,
  LIMITS,
  type LogEntry,
  nextHead,
  NO_EXTERNAL,
  recordId,
  reject,
  toBeSigned,
  type Unsigned,
} from '@tallystick/protocol';
import { readLog, sign, type Steps } from './effects.ts';
import { currentKey, type Purse } from './purse.ts';
import { ownCertificate } from './trust.ts';

/** A record at the next position: the purse that has it, and what goes into its log. */
export interface Appended {
  readonly purse: Purse;
  readonly record: Unsigned;
  readonly id: Bytes;
  readonly entry: Bytes;
}

/** What the next record must state about its place (TS-LOG-1). */
export function nextPlace(purse: Purse): { seq: number; head: Bytes } {
  demand(purse.seq - purse.keepFrom + 1 < LIMITS.logEntries, 'NEEDS_SYNC', 'the log is full');
  return { seq: purse.seq + 1, head: purse.head };
}

/** Puts a record at the next position of the log, under the current key. */
export function append(
  purse: Purse,
  payload: Cbor,
  options: { readonly external?: Bytes; readonly evidence?: Bytes } = {},
): Appended {
  const certificate = ownCertificate(purse);
  const record: Unsigned = {
    alg: certificate.key.alg,
    kid: certificate.ref,
    external: options.external ?? NO_EXTERNAL,
    payload: encodeCbor(payload),
  };
  const id = recordId(record);
  const salt = entrySalt(purse.secret, id);
  const entry: LogEntry = { record, salt, evidence: options.evidence ?? null };
  const next = { ...purse, seq: purse.seq + 1, head: nextHead(purse.head, salt, id) };
  return { purse: next, record, id, entry: encodeEntry(entry) };
}

/** Signs a record whose place in the log is committed. */
export function* signRecord(purse: Purse, record: Unsigned): Steps<Bytes> {
  const key = currentKey(purse);
  const signature = yield* sign(key.slot, record.alg, toBeSigned(record));
  return encodeSigned({ ...record, signature });
}

/**
 * Signs again what the log has at a position: the same content, so the same record. The store is not
 * trusted: the salt shows whether this purse wrote the entry (TS-LOG-3).
 */
export function* signAgain(purse: Purse, seq: number): Steps<{ message: Bytes; id: Bytes }> {
  const stored = yield* readLog(seq);
  if (stored === null) return reject('TAMPERED', `log entry ${seq} is gone`);
  const { record, salt } = decodeEntry(stored);
  const id = recordId(record);
  demand(equal(entrySalt(purse.secret, id), salt), 'TAMPERED', `log entry ${seq} was changed`);
  const key = purse.keys.find((each) =>
    equal(decodePurseCertificate(each.certificate).ref, record.kid),
  );
  if (key === undefined) return reject('UNKNOWN_CERTIFICATE', 'the key of that entry is retired');
  const signature = yield* sign(key.slot, record.alg, toBeSigned(record));
  return { message: encodeSigned({ ...record, signature }), id };
}
