import { type BalanceValue, demand, LIMITS } from '@tallystick/protocol';
import type { Part, Purse } from './purse.ts';

/** Which sub-balances a payment takes, lowest hop first, so that far-travelled cents stay behind (TS-PAY-9). */
export function takeLowest(balances: readonly bigint[], amount: bigint): readonly Part[] {
  return take(
    balances.map((available, hop) => ({ hop, amount: available })),
    amount,
  );
}

/** For money that goes home to its issuer: the most travelled first (TS-PAY-12). */
export function takeHighest(balances: readonly bigint[], amount: bigint): readonly Part[] {
  return take(balances.map((available, hop) => ({ hop, amount: available })).reverse(), amount);
}

function take(from: readonly Part[], amount: bigint): readonly Part[] {
  let left = amount;
  const parts: Part[] = [];
  for (const { hop, amount: available } of from) {
    const share = available < left ? available : left;
    if (share > 0n) parts.push({ hop, amount: share });
    left -= share;
  }
  demand(left === 0n, 'INSUFFICIENT_FUNDS', `${left} minor units are missing`);
  return parts;
}

export function highestHop(parts: readonly Part[]): number {
  return parts.reduce((highest, { hop }) => Math.max(highest, hop), 0);
}

export function withdraw(balances: readonly bigint[], parts: readonly Part[]): readonly bigint[] {
  return parts.reduce(
    (after, { hop, amount }) => after.with(hop, (after[hop] ?? 0n) - amount),
    balances,
  );
}

export function deposit(balances: readonly bigint[], parts: readonly Part[]): readonly bigint[] {
  const all = [...balances];
  for (const { hop, amount } of parts) {
    while (all.length <= hop) all.push(0n);
    all[hop] = (all[hop] ?? 0n) + amount;
  }
  return all;
}

/** What a payment of this value adds. */
export function partOf(value: BalanceValue): Part {
  return { hop: value.hop, amount: value.amount };
}

/** Most that one payment could be, by funds that may still change hands offline. */
export function spendable(purse: Purse): bigint {
  return purse.balances
    .slice(0, Math.min(purse.policy.hopMax, LIMITS.hopsMax))
    .reduce((total, each) => total + each, 0n);
}
