import {
  type Bytes,
  type Codec,
  decodeBody,
  encodeBody,
  equal,
  LIMITS,
  list,
  nullable,
  seconds,
  totalField,
  tuple,
  uint,
} from '@tallystick/protocol';
import type { Scheme, SchemeTier } from '../scheme/scheme.ts';
import type { Shelf } from './shelf.ts';

/** What a decision says of a tier, where it differs from the scheme file; null where it does not. */
export interface TierAmendment {
  readonly tier: number;
  readonly paymentMax: bigint | null;
  readonly balanceMax: bigint | null;
  readonly totalMax: bigint | null;
  readonly countMax: number | null;
  readonly stepUpAbove: bigint | null;
  readonly payerCap: bigint | null;
  readonly offlineSeconds: number | null;
}

/**
 * Where the policy differs from the scheme file, by a decision of the operator's. It is all that differs: the
 * last decision is the one that counts.
 */
export interface PolicyAmendment {
  readonly hopMax: number | null;
  readonly staleSeconds: number | null;
  readonly tiers: readonly TierAmendment[];
}

const NO_AMENDMENT: PolicyAmendment = { hopMax: null, staleSeconds: null, tiers: [] };

const tierCodec: Codec<TierAmendment> = tuple<TierAmendment>({
  tier: uint(LIMITS.tiers - 1),
  paymentMax: nullable(totalField),
  balanceMax: nullable(totalField),
  totalMax: nullable(totalField),
  countMax: nullable(uint(LIMITS.openPayments)),
  stepUpAbove: nullable(totalField),
  payerCap: nullable(totalField),
  offlineSeconds: nullable(seconds),
});
const amendmentCodec: Codec<PolicyAmendment> = tuple<PolicyAmendment>({
  hopMax: nullable(uint(LIMITS.hopsMax, 1)),
  staleSeconds: nullable(seconds),
  tiers: list(tierCodec, LIMITS.tiers),
});

const AMENDMENTS = 'policy-amendment/';

/** The decision that counts. */
export async function lastAmendment(shelf: Shelf): Promise<PolicyAmendment> {
  const last = (await shelf.list(AMENDMENTS)).at(-1);
  return last === undefined ? NO_AMENDMENT : decodeBody(amendmentCodec, last);
}

/** Keeps a decision on the policy of that version; false when there is another one on it. */
export async function keepAmendment(
  shelf: Shelf,
  amendment: PolicyAmendment,
  basis: number,
): Promise<boolean> {
  const bytes: Bytes = encodeBody(amendmentCodec, amendment);
  // Versions have ten digits, so that their names are in their order.
  const place = `${AMENDMENTS}${String(basis).padStart(10, '0')}`;
  return equal(await shelf.putIfAbsent(place, bytes), bytes);
}

/**
 * The scheme as a decision has it. A window is never longer than the scheme file's, which may have become shorter
 * since: the horizons of lost devices rest on that one (rule 16).
 */
export function amended(scheme: Scheme, amendment: PolicyAmendment): Scheme {
  return {
    ...scheme,
    hopMax: amendment.hopMax ?? scheme.hopMax,
    staleSeconds: atMost(scheme.staleSeconds, amendment.staleSeconds),
    tiers: scheme.tiers.map((row) => amendedTier(row, amendment)),
  };
}

function amendedTier(row: SchemeTier, { tiers }: PolicyAmendment): SchemeTier {
  const by = tiers.find(({ tier }) => tier === row.tier);
  if (by === undefined) return row;
  return {
    ...row,
    paymentMax: by.paymentMax ?? row.paymentMax,
    balanceMax: by.balanceMax ?? row.balanceMax,
    totalMax: by.totalMax ?? row.totalMax,
    countMax: by.countMax ?? row.countMax,
    stepUpAbove: by.stepUpAbove ?? row.stepUpAbove,
    payerCap: by.payerCap ?? row.payerCap,
    offlineSeconds: atMost(row.offlineSeconds, by.offlineSeconds),
  };
}

function atMost(filed: number, decided: number | null): number {
  return Math.min(filed, decided ?? filed);
}
