import {
  acceptBy,
  demand,
  LIMITS,
  type Payment,
  type Policy,
  type PurseCertificate,
  reject,
  type Seconds,
  type Tier,
} from '@tallystick/protocol';
import { highestHop, spendable } from './balance.ts';
import { ownCertificate } from './own-keys.ts';
import {
  amountOf,
  balanceOf,
  HOLDER_LOCK,
  IN_DOUBT,
  isTampered,
  type Part,
  type Purse,
} from './purse.ts';

/** The last second that issuer time can name; what would come later is as good as never. */
const END_OF_TIME: Seconds = 0xffff_ffff;

/** The ceilings of a tier under a policy; undefined where the policy does not list it. */
export function findTier(policy: Policy, certificate: PurseCertificate): Tier | undefined {
  return policy.tiers.find(({ tier }) => tier === certificate.profile.tier);
}

/** The same, for what a tier that the policy does not list may not do. Rejects: WRONG_ROLE. */
export function tierOf(policy: Policy, certificate: PurseCertificate): Tier {
  const row = findTier(policy, certificate);
  return row ?? reject('WRONG_ROLE', `tier ${certificate.profile.tier} is not in the policy`);
}

export function demandUnlocked(purse: Purse): void {
  demand(!isTampered(purse), 'LOCKED', 'its storage was changed');
  demandHolderUnlocked(purse);
}

export function demandHolderUnlocked(purse: Purse): void {
  demand((purse.lock & HOLDER_LOCK) === 0, 'LOCKED', 'by its holder');
}

/** The last moment to accept a payment, as it is remembered (TS-PAY-7). */
export function lastMoment(payment: Payment): Seconds {
  return Math.min(acceptBy(payment), END_OF_TIME);
}

/** Furthest that `acceptBy` can lie after `syncedAt`: a later payment would be born dead. */
const ACCEPT_SECONDS_MAX: Seconds = 0xffff * 60;

/** Payments leave until this moment (TS-LIM-2). */
export function offlineUntil(purse: Purse, tier: Tier | undefined): Seconds {
  const offline = Math.min(tier?.offlineSeconds ?? 0, ACCEPT_SECONDS_MAX);
  return Math.min(purse.syncedAt + offline, END_OF_TIME);
}

/** The latest `acceptBy` that a payer who synced then may sign (TS-PAY-8). */
export function latestAcceptBy(policy: Policy, tier: Tier, syncedAt: Seconds): Seconds {
  return syncedAt + tier.offlineSeconds + policy.acceptMinutes * 60;
}

/** The payer's limits, in order of precedence (TS-LIM-1 to 5). `now` is the larger of floor and clock. */
export function demandMayPay(purse: Purse, tier: Tier, amount: bigint, now: Seconds): void {
  // GUARD receive-only (rule 13): a static code's purse pays nobody.
  demand(tier.paymentMax > 0n, 'RECEIVE_ONLY');
  // GUARD offline-window (rule 16): a lost purse pays nobody after its horizon.
  demand(now <= offlineUntil(purse, tier), 'OFFLINE_TOO_LONG');
  demand(amount <= tier.paymentMax, 'OVER_PAYMENT_LIMIT', `${tier.paymentMax} minor units`);
  // GUARD payer-total (rule 5): an honest payer keeps to its own limit since the last sync.
  demand(
    purse.spentTotal + amount <= tier.totalMax,
    'OVER_TOTAL_LIMIT',
    `${tier.totalMax} minor units`,
  );
  demand(purse.spentCount < tier.countMax, 'OVER_COUNT_LIMIT', `${tier.countMax} payments`);
}

/** The hop of a payment made of these parts (TS-LIM-7). */
export function demandHop(purse: Purse, parts: readonly Part[]): number {
  const hop = highestHop(parts) + 1;
  // GUARD payer-hops (rule 12): money that has travelled far goes home first.
  demand(hop <= purse.policy.hopMax, 'OVER_HOP_LIMIT', `${purse.policy.hopMax} hops`);
  return hop;
}

/**
 * The ceiling on what a purse holds (TS-LIM-8). What it may yet take back has to fit under the bound
 * on all amounts too, or a restored payment could make a balance that no message can state.
 */
export function demandRoom(purse: Purse, amount: bigint): void {
  const balance = balanceOf(purse) + amount;
  const ceiling = tierOf(purse.policy, ownCertificate(purse)).balanceMax;
  demand(balance <= ceiling, 'OVER_BALANCE_CEILING', `${ceiling} minor units`);
  const inDoubt = purse.open
    .filter(({ state }) => state === IN_DOUBT)
    .reduce((total, each) => total + amountOf(each), 0n);
  demand(
    balance + inDoubt <= LIMITS.amountMinorUnits,
    'OVER_BALANCE_CEILING',
    'with open payments',
  );
}

/** What one payment may be at most right now, for the holder's screen. */
export function available(purse: Purse): bigint {
  const tier = findTier(purse.policy, ownCertificate(purse));
  if (tier === undefined || purse.spentCount >= tier.countMax) return 0n;
  const left = tier.totalMax - purse.spentTotal;
  const bounds = [tier.paymentMax, left < 0n ? 0n : left, spendable(purse)];
  return bounds.reduce((least, each) => (each < least ? each : least));
}
