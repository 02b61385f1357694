import type { BalanceRow, PayerHalf } from '../store/rows.ts';
import { lossPostings } from './postings.ts';
import type { Work } from './work.ts';

/**
 * Recognises what a purse's records leave uncovered: all of it for a culprit; for a lost purse that
 * has been refunded, no more than the refunds, since only they can have gone to what honest payees
 * claim late (TS-LOS-7). `balances` are the shard's, with everything else posted; every unload that
 * is not paid must be known to `work`.
 */
export function bookLosses(work: Work, balances: readonly BalanceRow[]): void {
  const { postings, revision } = lossPostings(work.purse, balances, (currency, shortfall) =>
    uncovered(work, currency, shortfall),
  );
  work.post(...postings);
  work.purse = { ...work.purse, lossRevision: revision };
}

function uncovered(work: Work, currency: number, shortfall: bigint): bigint {
  const { purse } = work;
  if (purse.standing === 'culprit') return shortfall;
  if (currency !== purse.currency) return 0n;
  const unpaid = [...work.payerHalves.values()]
    .filter(isUnpaidUnload)
    .reduce((sum, { amount }) => sum + amount, 0n);
  const claimed = shortfall > unpaid ? shortfall - unpaid : 0n;
  return claimed < purse.refunded ? claimed : purse.refunded;
}

/** Money on its way to the issuer that has neither been paid out nor taken back. */
export function isUnpaidUnload({ unload, restored }: PayerHalf): boolean {
  return unload !== null && unload !== 'paid' && !restored;
}
