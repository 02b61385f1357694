import { type Bytes, concat, sha256 } from './bytes.ts';
import { blob, type Codec, fixed } from './codec.ts';
import { LIMITS } from './limits.ts';
import { reject } from './result.ts';

/** Fresh random bytes of each side of a contact: of both, its salt is made (TS-WIT-2). */
export const WITNESS_NONCE_BYTES = 16;
/** Digest of a place, whole: only who knows the place can name it so. */
export const PLACE_DIGEST_BYTES = 16;
/** Of a place as it stands in a set, and of the content there. */
const TOLD_PLACE_BYTES = 4;
const TOLD_CONTENT_BYTES = 2;
/** One witness of a set. */
export const WITNESS_BYTES: number = TOLD_PLACE_BYTES + TOLD_CONTENT_BYTES;

/** Where a record stands: in the log of which key, and at which position. */
export interface LogPlace {
  /** Reference of the signer's certificate. */
  readonly kid: Bytes;
  readonly seq: number;
}

/** The salt of one contact, of what both sides drew: either alone makes it a new one (TS-WIT-2). */
export function witnessSalt(mine: Bytes, theirs: Bytes): Bytes {
  // GUARD contact-salt (rule 15): what is told in one contact says nothing in another.
  return compare(mine, theirs) < 0 ? sha256(mine, theirs) : sha256(theirs, mine);
}

/** The digest of a place under the salt of a contact, whole (TS-WIT-3). */
export function placeDigest(salt: Bytes, { kid, seq }: LogPlace): Bytes {
  const position = new Uint8Array(4);
  new DataView(position.buffer).setUint32(0, seq);
  return sha256(salt, Uint8Array.of(0), kid, position).slice(0, PLACE_DIGEST_BYTES);
}

/** A witness: the beginnings of the digests of a place and of the record that stands there (TS-WIT-3). */
export function witnessOf(salt: Bytes, placed: Bytes, recordId: Bytes): Bytes {
  const content = sha256(salt, Uint8Array.of(1), recordId);
  return concat(toldPlace(placed), content.subarray(0, TOLD_CONTENT_BYTES));
}

/** What a set tells of a place: how its whole digest begins, and each witness of it. */
export function toldPlace(digestOrWitness: Bytes): Bytes {
  return digestOrWitness.subarray(0, TOLD_PLACE_BYTES);
}

/** Writes a set: in order of its bytes, so that it does not tell when what came, and each once. */
export function witnessSet(witnesses: readonly Bytes[]): Bytes {
  const sorted = witnesses.toSorted(compare);
  return concat(
    ...sorted.filter((each, index) => compare(sorted[index - 1] ?? NOTHING, each) !== 0),
  );
}

/** The witnesses of a set that was read. */
export function witnessesIn(set: Bytes): Bytes[] {
  return Array.from({ length: set.length / WITNESS_BYTES }, (_, index) =>
    set.subarray(index * WITNESS_BYTES, (index + 1) * WITNESS_BYTES),
  );
}

const NOTHING = new Uint8Array(0);
const bytes = blob(LIMITS.witnessSetBytes);

export const nonceField: Codec<Bytes> = fixed(WITNESS_NONCE_BYTES);
export const placeField: Codec<Bytes> = fixed(PLACE_DIGEST_BYTES);

/** A set of whole witnesses, ascending: there is one way to write it (TS-WIT-3). */
export const witnessSetField: Codec<Bytes> = {
  encode: (set) => bytes.encode(set),
  decode: (item, path) => {
    const set = bytes.decode(item, path);
    if (set.length % WITNESS_BYTES !== 0) reject('BAD_FIELD', `${path} has a part of a witness`);
    const witnesses = witnessesIn(set);
    const isAscending = witnesses.every(
      (each, index) => compare(witnesses[index - 1] ?? NOTHING, each) < 0,
    );
    return isAscending ? set : reject('BAD_FIELD', `${path} is not in order`);
  },
};

function compare(one: Bytes, other: Bytes): number {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
