import { createHash } from 'node:crypto';
import {
  attempt,
  type Bytes,
  blob,
  type Codec,
  concat,
  decodeCbor,
  encodeCbor,
  equal,
  err,
  label,
  LIMITS,
  list,
  nullable,
  type Result,
  tagged,
  tuple,
  uint,
} from '@tallystick/protocol';

/** Which file holds the key of a slot. */
export interface KeyRow {
  readonly slot: number;
  readonly name: string;
}

/** What one commit makes durable at once, by the renaming of a single file. */
export interface Committed {
  /** The trusted application's own state; opaque here. Null before its first commit. */
  readonly state: Bytes | null;
  /** Position of the last log entry that counts. */
  readonly logEnd: number;
  readonly keys: readonly KeyRow[];
  /** The signed manifest of the image that runs (TS-IMG-3); null before the first. */
  readonly manifest: Bytes | null;
}

/** What a blank purse has. */
export const NOTHING: Committed = { state: null, logEnd: 0, keys: [], manifest: null };

/** A state that an environment has sealed: keys and a manifest go under the seal with it. */
export const SEALED_BYTES: number = LIMITS.stateBytes + 2 * LIMITS.messageBytes;

const FORMAT = 2;
const SLOTS = 256;
const CHECKSUM_BYTES = 32;
const BODY_BYTES_MAX = SEALED_BYTES + LIMITS.messageBytes + 64 * SLOTS;

const committed: Codec<Committed> = tagged<Committed>(FORMAT, {
  state: nullable(blob(SEALED_BYTES)),
  logEnd: uint(LIMITS.position),
  keys: list(tuple<KeyRow>({ slot: uint(SLOTS - 1), name: label() }), SLOTS),
  manifest: nullable(blob(LIMITS.messageBytes)),
});

/** The content of the state file: canonical CBOR, then its SHA-256. */
export function encodeStateFile(value: Committed): Bytes {
  const body = encodeCbor(committed.encode(value));
  return concat(body, checksum(body));
}

/**
 * Reads a state file. The checksum tells a damaged file from a whole one, nothing more: whoever can
 * write the file can write its checksum too. Fails with TAMPERED.
 */
export function decodeStateFile(bytes: Bytes): Result<Committed> {
  const body = bytes.subarray(0, -CHECKSUM_BYTES);
  if (!equal(bytes.subarray(body.length), checksum(body))) {
    return err('TAMPERED', 'the checksum of the state file is wrong');
  }
  const read = attempt(() => committed.decode(decodeCbor(body, BODY_BYTES_MAX), 'state file'));
  return read.ok ? read : err('TAMPERED', read.error.message);
}

function checksum(body: Bytes): Bytes {
  return createHash('sha256').update(body).digest();
}
