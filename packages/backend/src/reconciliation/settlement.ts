import type { Transaction } from '../store/port.ts';
import type { BalanceRow, PayerHalf } from '../store/rows.ts';
import { closeLapsed, payOut } from './closures.ts';
import type { Context } from './context.ts';
import { applyPostings, lossPostings, sumOf, unloadPosting } from './postings.ts';
import { judgeStanding } from './standing.ts';
import type { Work } from './work.ts';

/**
 * The rules that look at the shard as a whole, after everything new is in place: who stands how,
 * what has lapsed, which unloads can be paid, and what a culprit costs.
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
  const isCulprit = work.purse.standing === 'culprit';
  if (!isCulprit && waiting.length === 0) return;
  const balances = await tx.balances(work.purse.id);
  for (const half of waiting) {
    const now = applyPostings(balances, work.postings);
    const unload = await unloadState(work, tx, now);
    if (unload === half.unload) continue;
    work.putPayer({ ...half, unload }, null);
    if (unload !== 'paid') continue;
    work.post(unloadPosting(work.purse, half));
    payOut(work, half, 'unload', context.now());
  }
  if (isCulprit) bookLoss(work, applyPostings(balances, work.postings));
}

async function waitingUnloads(work: Work, tx: Transaction): Promise<PayerHalf[]> {
  const stored = await tx.waitingPayerHalves(work.purse.id);
  const halves = new Map(stored.map((half) => [half.payment, half]));
  for (const half of work.payerHalves.values()) halves.set(half.payment, half);
  work.learn({ payerHalves: [...halves.values()] });
  return [...halves.values()].filter(
    ({ unload, inLog }) => inLog && unload !== null && unload !== 'paid',
  );
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
  if (standing === 'culprit') return 'frozen';
  work.gapless ??= (await tx.read(id, { gaps: true })).gaps.length === 0;
  if (!work.gapless || standing === 'suspect') return 'held';
  const ownFloat = exposed - sumOf(balances, 'float', currency);
  return ownFloat < 0n ? 'frozen' : 'paid';
}

function bookLoss(work: Work, balances: readonly BalanceRow[]): void {
  const { postings, revision } = lossPostings(work.purse, balances);
  work.post(...postings);
  work.purse = { ...work.purse, lossRevision: revision };
}
