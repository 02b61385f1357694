import {
  demand,
  type Policy,
  type PurseCertificate,
  reject,
  type Seconds,
  type Tier,
} from '@tallystick/protocol';
import { highestHop, spendable } from './balance.ts';
import { balanceOf, type Part, type Purse, TAMPER_LOCK, UNLOCKED } from './purse.ts';
import { ownCertificate } from './trust.ts';

/** The ceilings of a tier under a policy. A tier the policy does not list may do nothing. */
export function tierOf(policy: Policy, certificate: PurseCertificate): Tier {
  const row = policy.tiers.find(({ tier }) => tier === certificate.profile.tier);
  return row ?? reject('WRONG_ROLE', `tier ${certificate.profile.tier} is not in the policy`);
}

export function demandUnlocked(purse: Purse): void {
  if (purse.lock === UNLOCKED) return;
  reject('LOCKED', purse.lock === TAMPER_LOCK ? 'its storage was changed' : 'by its holder');
}

/** Payments leave until this moment (TS-LIM-2). */
export function offlineUntil(purse: Purse, tier: Tier): Seconds {
  return purse.syncedAt + tier.offlineSeconds;
}

/** The latest `acceptBy` that a payer who synced then may sign (TS-PAY-8). */
export function latestAcceptBy(policy: Policy, tier: Tier, syncedAt: Seconds): Seconds {
  return syncedAt + tier.offlineSeconds + policy.acceptMinutes * 60;
}

/** The payer's limits, in order of precedence (TS-LIM-1 to 5). `now` is the larger of floor and clock. */
export function demandMayPay(purse: Purse, amount: bigint, now: Seconds): Tier {
  const tier = tierOf(purse.policy, ownCertificate(purse));
  demand(tier.paymentMax > 0n, 'RECEIVE_ONLY');
  demand(now <= offlineUntil(purse, tier), 'OFFLINE_TOO_LONG');
  demand(amount <= tier.paymentMax, 'OVER_PAYMENT_LIMIT', `${tier.paymentMax} minor units`);
  demand(
    purse.spentTotal + amount <= tier.totalMax,
    'OVER_TOTAL_LIMIT',
    `${tier.totalMax} minor units`,
  );
  demand(purse.spentCount < tier.countMax, 'OVER_COUNT_LIMIT', `${tier.countMax} payments`);
  return tier;
}

/** The hop of a payment made of these parts (TS-LIM-7). */
export function demandHop(purse: Purse, parts: readonly Part[]): number {
  const hop = highestHop(parts) + 1;
  demand(hop <= purse.policy.hopMax, 'OVER_HOP_LIMIT', `${purse.policy.hopMax} hops`);
  return hop;
}

/** The ceiling on what a purse holds (TS-LIM-8). */
export function demandRoom(purse: Purse, amount: bigint): void {
  const tier = tierOf(purse.policy, ownCertificate(purse));
  demand(
    balanceOf(purse) + amount <= tier.balanceMax,
    'OVER_BALANCE_CEILING',
    `${tier.balanceMax} minor units`,
  );
}

/** What one payment may be at most right now, for the holder's screen. */
export function available(purse: Purse): bigint {
  const tier = tierOf(purse.policy, ownCertificate(purse));
  const left = tier.totalMax - purse.spentTotal;
  const bounds = [tier.paymentMax, left < 0n ? 0n : left, spendable(purse)];
  if (purse.spentCount >= tier.countMax) return 0n;
  return bounds.reduce((least, each) => (each < least ? each : least));
}
