import type { PostingRow } from './rows.ts';

/** Throws for what is no posting, whoever made it: a programmer error. */
export function demandSound({ amount, debit, credit }: PostingRow): void {
  if (amount <= 0n) throw new RangeError(`a posting of ${amount}`);
  if (debit === credit) throw new RangeError(`a posting from ${debit} to itself`);
}
