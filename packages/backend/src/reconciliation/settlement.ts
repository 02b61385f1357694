import type { Transaction } from '../store/port.ts';
import type { BalanceRow, PayerHalf } from '../store/rows.ts';
import { closeLapsed, payOut } from './closures.ts';
import type { Context } from './context.ts';
import { bookLosses, isUnpaidUnload } from './losses.ts';
import { applyPostings, sumOf, unloadPosting } from './postings.ts';
import { judgeStanding } from './standing.ts';
import type { Work } from './work.ts';

/**
 * The rules that look at the shard as a whole, after everything new is in place: who stands how,
 * what has lapsed, which unloads can be paid, and what a culprit or a refunded purse costs.
 */
export async function settleShard(
  work: Work,
  tx: Transaction,
  context: Context,
  isNewStatement: boolean,
): Promise<void> {
  await judgeStanding(work, tx, context);
  await closeLapsed(work, tx, context, isNewStatement);
  const waiting = await waitingUnloads(work, tx);
  const { standing, horizon, refunds } = work.purse;
  // What has changed in a lost purse may be due to its holder.
  if (horizon !== null) work.purse = { ...work.purse, refundPending: true };
  const mayOwe = standing === 'culprit' || refunds > 0;
  if (!mayOwe && waiting.length === 0) return;
  const balances = applyPostings(await tx.balances(work.purse.id), work.postings);
  const unload = await unloadState(work, tx, balances);
  const changed = waiting.filter((half) => half.unload !== unload);
  for (const half of changed) {
    work.putPayer({ ...half, unload }, null);
    if (unload !== 'paid') continue;
    // From flight to the reserve: nothing by which the next is judged.
    work.post(unloadPosting(work.purse, half));
    payOut(work, half, 'unload', context.now());
  }
  if (mayOwe) bookLosses(work, balances);
}

async function waitingUnloads(work: Work, tx: Transaction): Promise<PayerHalf[]> {
  const stored = await work.waiting(tx);
  const halves = new Map(stored.map((half) => [half.payment, half]));
  for (const half of work.payerHalves.values()) halves.set(half.payment, half);
  work.learn({ payerHalves: [...halves.values()] });
  return [...halves.values()].filter((half) => half.inLog && isUnpaidUnload(half));
}

/**
 * Unloads are paid against a complete log that covers them itself; payments that only payees have
 * shown so far do not count against it. A culprit's are frozen against what it owes (rule 10).
 */
async function unloadState(
  work: Work,
  tx: Transaction,
  balances: readonly BalanceRow[],
): Promise<'held' | 'frozen' | 'paid'> {
  const { id, currency, exposed, standing } = work.purse;
  // GUARD culprits-unload (rule 10): it is kept against what the culprit owes.
  if (standing === 'culprit') return 'frozen';
  work.gapless ??= (await tx.read(id, { gaps: true })).gaps.length === 0;
  if (!work.gapless || standing === 'suspect') return 'held';
  // A loss lifts the float for those who claim it, not for the purse.
  const ownFloat = exposed - sumOf(balances, 'float', currency) - sumOf(balances, 'loss', currency);
  // GUARD covered-unload (rule 10): nobody takes out more than the own log has brought in.
  return ownFloat < 0n ? 'frozen' : 'paid';
}
