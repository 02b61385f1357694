import { ALGORITHMS, type Algorithm, type Checking } from './algorithm.ts';
import type { Bytes } from './bytes.ts';
import { encodeCbor } from './cbor.ts';
import { type PurseCertificate, type Seconds, seconds } from './certificate.ts';
import { type Codec, tagged } from './codec.ts';
import { encodeSigned, NO_EXTERNAL, type Unsigned } from './cose.ts';
import { indexSet, packedBytes } from './index-set.ts';
import { LIMITS } from './limits.ts';
import { RECORD } from './record.ts';
import { version } from './records.ts';
import { demand } from './result.ts';
import { checkIssuerMessage } from './sync.ts';

/**
 * What makes a status list of version `base` or later one of `version`: it names every index that
 * the later list revokes and the list of version `base` does not, and may name others that the later
 * list revokes (TS-LST-6).
 */
export interface StatusDelta {
  readonly base: number;
  readonly version: number;
  /** Issuer time of the list of `version`. */
  readonly issuedAt: Seconds;
  /** Status indices, ascending. */
  readonly revoked: readonly number[];
}

const fields: Codec<StatusDelta> = tagged<StatusDelta>(RECORD.statusDelta, {
  base: version,
  version,
  issuedAt: seconds,
  revoked: indexSet,
});

export const statusDelta: Codec<StatusDelta> = {
  encode: (delta) => fields.encode(delta),
  decode: (item, path) => {
    const delta = fields.decode(item, path);
    demand(delta.base <= delta.version, 'BAD_FIELD', `${path}.base is after its version`);
    return delta;
  },
};

/** What the operator signs to publish a delta (TS-LST-6). */
export function unsignedStatusDelta(
  delta: StatusDelta,
  signer: { alg: Algorithm; ref: Bytes },
): Unsigned {
  const payload = encodeCbor(statusDelta.encode(delta));
  return { alg: signer.alg, kid: signer.ref, external: NO_EXTERNAL, payload };
}

/**
 * A delta signed by the operator's issuing key. The caller has checked the signer's chain, and that
 * the authority above it is the operator.
 * Rejects: decoding codes, UNKNOWN_CERTIFICATE, WRONG_ROLE for a key that holds a purse, BAD_SIGNATURE.
 */
export function* checkStatusDelta(bytes: Bytes, signer: PurseCertificate): Checking<StatusDelta> {
  return yield* checkIssuerMessage(bytes, signer, statusDelta, 'status delta');
}

/** What a device knows to be revoked: everything in the list of `version`, and perhaps more. */
export interface Known {
  readonly version: number;
  /** Ascending. */
  readonly revoked: readonly number[];
}

/**
 * What a device knows after a delta (TS-LST-8). Its version rises only where nothing is missing up to
 * the new one; the revocations count in any case.
 */
export function extendKnown(known: Known, delta: StatusDelta): Known {
  // GUARD complete-delta (rule 15): a delta that leaves a gap raises no version.
  const isComplete = delta.base <= known.version && delta.version > known.version;
  return {
    version: isComplete ? delta.version : known.version,
    revoked: union(known.revoked, delta.revoked),
  };
}

function union(first: readonly number[], second: readonly number[]): readonly number[] {
  const out: number[] = [];
  let [at, other] = [0, 0];
  while (at < first.length || other < second.length) {
    const left = first[at] ?? Number.POSITIVE_INFINITY;
    const right = second[other] ?? Number.POSITIVE_INFINITY;
    out.push(Math.min(left, right));
    if (left <= right) at += 1;
    if (right <= left) other += 1;
  }
  return out;
}

/** One revocation, with the version of the list that it came with. */
export interface Revocation {
  readonly version: number;
  readonly statusIndex: number;
}

/** The newest list, and what came since another. */
export interface History {
  /** The list that the delta starts from. */
  readonly since: number;
  readonly version: number;
  readonly issuedAt: Seconds;
  /** Every revocation after `since`: newest first, and culprits of a fork first in each version. */
  readonly revocations: readonly Revocation[];
}

/**
 * The delta with as many revocations, newest first, as a signed message of `bytesMax` has room for
 * (TS-LST-9). Where some are left out, it starts from the newest version that it does not complete.
 * Null where not even an empty one fits.
 */
export function cutDelta(
  history: History,
  signer: { alg: Algorithm; ref: Bytes },
  bytesMax: number,
): StatusDelta | null {
  const cut = (count: number): StatusDelta => deltaOf(history, count);
  const fits = (count: number): boolean => signedBytes(cut(count), signer) <= bytesMax;
  if (!fits(0)) return null;
  let [least, most] = [0, Math.min(history.revocations.length, LIMITS.deltaEntries)];
  if (fits(most)) return cut(most);
  // The most that fits, by halving: `least` always does.
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return cut(least);
}

function deltaOf({ since, version, issuedAt, revocations }: History, count: number): StatusDelta {
  const base = revocations[count]?.version ?? since;
  const chosen = revocations.slice(0, count).map(({ statusIndex }) => statusIndex);
  // Typed arrays sort numbers as numbers, and many times faster.
  return { base, version, issuedAt, revoked: [...Uint32Array.from(chosen).sort()] };
}

/** Length of a delta once it is signed, in bytes: many are measured for one that is packed. */
function signedBytes(delta: StatusDelta, signer: { alg: Algorithm; ref: Bytes }): number {
  const empty = unsignedStatusDelta({ ...delta, revoked: [] }, signer);
  const { length } = delta.revoked;
  const bits = new Uint8Array(packedBytes(delta.revoked));
  const grown = encodeCbor([length, bits]).length - encodeCbor([0, new Uint8Array(0)]).length;
  const payload = new Uint8Array(empty.payload.length + grown);
  const signature = new Uint8Array(ALGORITHMS[signer.alg].signatureBytes);
  return encodeSigned({ ...empty, payload, signature }).length;
}
