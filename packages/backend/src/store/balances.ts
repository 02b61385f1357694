import { balanceKey } from './keys.ts';
import type { BalanceRow, PostingRow } from './rows.ts';

/** What postings change, one row an account: debits less credits. */
export function balanceChanges(postings: readonly PostingRow[]): BalanceRow[] {
  const byKey = new Map<string, BalanceRow>();
  for (const { purse, participant, currency, counterparty: other, ...row } of postings) {
    for (const [account, amount] of [
      [row.debit, row.amount],
      [row.credit, -row.amount],
    ] as const) {
      // Only the position account says who is on the other side.
      const counterparty = account === 'position' ? other : '';
      const at = { purse, account, participant, counterparty, currency };
      const old = byKey.get(balanceKey(at))?.balance ?? 0n;
      byKey.set(balanceKey(at), { ...at, balance: old + amount });
    }
  }
  return [...byKey.values()];
}
