import {
  attempt,
  type Bytes,
  blob,
  type Codec,
  decodeCbor,
  encodeCbor,
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
import { withChecksum, withoutChecksum } from '../checksum.ts';
import { SEALED_BYTES } from '../isolated/content.ts';

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

const FORMAT = 2;
const SLOTS = 256;
const BODY_BYTES_MAX = SEALED_BYTES + LIMITS.messageBytes + 64 * SLOTS;

const committed: Codec<Committed> = tagged<Committed>(FORMAT, {
  state: nullable(blob(SEALED_BYTES)),
  logEnd: uint(LIMITS.position),
  keys: list(tuple<KeyRow>({ slot: uint(SLOTS - 1), name: label() }), SLOTS),
  manifest: nullable(blob(LIMITS.messageBytes)),
});

/** The content of the state file: canonical CBOR, then its SHA-256. */
export function encodeStateFile(value: Committed): Bytes {
  return withChecksum(encodeCbor(committed.encode(value)));
}

/** Reads a state file. Fails with TAMPERED where it is damaged. */
export function decodeStateFile(bytes: Bytes): Result<Committed> {
  const body = withoutChecksum(bytes);
  if (body === null) return err('TAMPERED', 'the checksum of the state file is wrong');
  const read = attempt(() => committed.decode(decodeCbor(body, BODY_BYTES_MAX), 'state file'));
  return read.ok ? read : err('TAMPERED', read.error.message);
}
