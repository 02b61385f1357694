import type { BalanceRow, PostingRow } from './rows.ts';

type Change = { -readonly [K in keyof BalanceRow]: BalanceRow[K] };

/** What postings change, one row an account: debits less credits. */
export function balanceChanges(postings: readonly PostingRow[]): BalanceRow[] {
  const byKey = new Map<string, Change>();
  for (const row of postings) {
    add(byKey, row, row.debit, row.amount);
    add(byKey, row, row.credit, -row.amount);
  }
  return [...byKey.values()];
}

function add(
  byKey: Map<string, Change>,
  { purse, participant, currency, counterparty: other }: PostingRow,
  account: BalanceRow['account'],
  amount: bigint,
): void {
  // Only the position account says who is on the other side.
  const counterparty = account === 'position' ? other : '';
  // Codes of participants are letters and digits.
  const key = `${purse} ${account} ${participant} ${counterparty} ${currency}`;
  const change = byKey.get(key);
  if (change === undefined) {
    byKey.set(key, { purse, account, participant, counterparty, currency, balance: amount });
  } else {
    change.balance += amount;
  }
}
