import type { Currency } from '@tallystick/protocol';
import type { View } from '../store/port.ts';
import type { Account } from '../store/rows.ts';

/** The supply equation for a participant, or for the whole scheme (`null`). */
export interface Supply {
  readonly participant: string | null;
  readonly currency: Currency;
  /** All in minor units. */
  readonly reserve: bigint;
  readonly loss: bigint;
  readonly balances: bigint;
  readonly inFlight: bigint;
  /** What other participants owe it less what it owes them; 0 for the whole scheme. */
  readonly position: bigint;
  /** Reserve + loss + position = balances + in flight. */
  readonly balanced: boolean;
}

/** The supply equation per currency, for the scheme first and then each participant (INV-SUPPLY). */
export async function supply(store: Pick<View, 'reports'>): Promise<readonly Supply[]> {
  const totals = await store.reports.totals();
  const currencies = [...new Set(totals.map((row) => row.currency))].sort((a, b) => a - b);
  const participants = [...new Set(totals.map((row) => row.participant))].sort();
  return currencies.flatMap((currency) =>
    [null, ...participants].map((participant) => {
      const sum = (account: Account): bigint =>
        totals
          .filter((row) => row.account === account && row.currency === currency)
          .filter((row) => participant === null || row.participant === participant)
          .reduce((total, row) => total + row.balance, 0n);
      return equation({ participant, currency }, sum);
    }),
  );
}

/** Balances are debits less credits; float and flight are owed to holders, so theirs turn sign. */
function equation(
  of: Pick<Supply, 'participant' | 'currency'>,
  sum: (account: Account) => bigint,
): Supply {
  const reserve = sum('reserve');
  const loss = sum('loss');
  const balances = -sum('float');
  const inFlight = -sum('inFlight');
  const position = sum('position');
  const balanced = reserve + loss + position === balances + inFlight;
  return { ...of, reserve, loss, balances, inFlight, position, balanced };
}
