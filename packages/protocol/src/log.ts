import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as hash } from '@noble/hashes/sha2.js';
import { type Bytes, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { blob, type Codec, fixed, nullable, tuple } from './codec.ts';
import { decodeHeader, recordId, type Unsigned } from './cose.ts';
import { LIMITS } from './limits.ts';

export const SALT_BYTES = 16;

/**
 * One log entry as it is stored and uploaded (TS-LOG-2). It needs no signature of its own: a signed
 * statement at a later position covers it through the chain of heads.
 */
export interface LogEntry {
  /** The record's header and payload; `external` is the request digest of a payment, else empty. */
  readonly record: Unsigned;
  readonly salt: Bytes;
  /** What justified it: the payment for a receipt or void, the void or closure for a restore. */
  readonly evidence: Bytes | null;
}

interface WireEntry {
  readonly header: Bytes;
  readonly external: Bytes;
  readonly payload: Bytes;
  readonly salt: Bytes;
  readonly evidence: Bytes | null;
}

const wireEntry: Codec<WireEntry> = tuple<WireEntry>({
  header: blob(64),
  external: blob(32),
  payload: blob(LIMITS.messageBytes),
  salt: fixed(SALT_BYTES),
  evidence: nullable(blob(LIMITS.messageBytes)),
});

/** Writes a log entry. */
export function encodeEntry(entry: LogEntry): Bytes {
  const { record, salt, evidence } = entry;
  const header = encodeCbor(
    new Map<number, number | Bytes>([
      [1, record.alg],
      [4, record.kid],
    ]),
  );
  return encodeCbor(
    wireEntry.encode({
      header,
      external: record.external,
      payload: record.payload,
      salt,
      evidence,
    }),
  );
}

/** Reads a log entry; its record's payload stays to be read. Rejects: decoding codes, UNKNOWN_ALGORITHM. */
export function decodeEntry(bytes: Bytes): LogEntry {
  const { header, external, payload, salt, evidence } = wireEntry.decode(
    decodeCbor(bytes),
    'entry',
  );
  return { record: { ...decodeHeader(header), external, payload }, salt, evidence };
}

/**
 * The salt of an entry: a tag of its record under a secret of the purse (TS-LOG-3). It hides the
 * record from those who see only heads, and lets the trusted application recognise its own entries
 * when an untrusted store reads them back.
 */
export function entrySalt(logSecret: Bytes, id: Bytes): Bytes {
  return hmac(hash, logSecret, id).slice(0, SALT_BYTES);
}

/** The head before position 1. */
export const GENESIS: Bytes = new Uint8Array(32);

/** The head after an entry: SHA-256(previous head ‖ salt ‖ record id) (TS-LOG-3). */
export function nextHead(head: Bytes, salt: Bytes, id: Bytes): Bytes {
  return sha256(head, salt, id);
}

/** The head after this entry, given the one before it. */
export function headAfter(head: Bytes, entry: LogEntry): Bytes {
  return nextHead(head, entry.salt, recordId(entry.record));
}
