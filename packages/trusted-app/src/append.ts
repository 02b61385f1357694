import {
  type Bytes,
  type Cbor,
  demand,
  encodeCbor,
  encodeEntry,
  entrySalt,
  LIMITS,
  type LogEntry,
  nextHead,
  NO_EXTERNAL,
  type Place,
  recordId,
  type Unsigned,
} from '@tallystick/protocol';
import { currentKey, type OwnKey, type Purse } from './purse.ts';
import { certificateOf } from './own-keys.ts';

/** A record at the next position: the purse that has it, and what goes into its log. */
export interface Appended {
  readonly purse: Purse;
  readonly record: Unsigned;
  readonly id: Bytes;
  readonly entry: Bytes;
}

/**
 * Positions that only issuer data and statements may take, in the unacknowledged log and at the end
 * of all positions. Without them a full log could not say what empties it.
 */
const RESERVED = 16;

function freePlaces(purse: Purse): number {
  const unacknowledged = purse.seq - purse.ackedTo;
  return Math.min(LIMITS.logEntries - unacknowledged, LIMITS.position - purse.seq);
}

/** The place of a record that the holder or another purse brings about (TS-LOG-1, TS-LOG-6). */
export function nextPlace(purse: Purse): Place {
  return placeLeaving(purse, RESERVED);
}

/** The place of an adoption: it leaves one for the statement. */
export function adoptionPlace(purse: Purse): Place {
  return placeLeaving(purse, 1);
}

/** The place of a statement: it may take the last. */
export function statementPlace(purse: Purse): Place {
  return placeLeaving(purse, 0);
}

export function hasStatementPlace(purse: Purse): boolean {
  return freePlaces(purse) > 0;
}

function placeLeaving(purse: Purse, reserved: number): Place {
  demand(freePlaces(purse) > reserved, 'NEEDS_SYNC', 'the log is full');
  return { seq: purse.seq + 1, head: purse.head };
}

/** Puts a record at the next position of the log, under the current key or a named one. */
export function append(
  purse: Purse,
  payload: Cbor,
  options: { readonly key?: OwnKey; readonly external?: Bytes; readonly evidence?: Bytes } = {},
): Appended {
  const certificate = certificateOf(options.key ?? currentKey(purse));
  const record: Unsigned = {
    alg: certificate.key.alg,
    kid: certificate.ref,
    external: options.external ?? NO_EXTERNAL,
    payload: encodeCbor(payload),
  };
  const id = recordId(record);
  // GUARD salted-head (rule 9): a head tells its payees nothing of what is under it.
  const salt = entrySalt(purse.secret, id);
  const entry: LogEntry = { record, salt, evidence: options.evidence ?? null };
  const next = { ...purse, seq: purse.seq + 1, head: nextHead(purse.head, salt, id) };
  return { purse: next, record, id, entry: encodeEntry(entry) };
}
