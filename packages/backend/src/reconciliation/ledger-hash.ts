import { type Cbor, encodeCbor, sha256, toHex } from '@tallystick/protocol';
import type { Page, View } from '../store/port.ts';
import { payeeState, payerState } from './halves.ts';

const PAGE = 1_000;

/**
 * SHA-256, in hex, over balances (positions and losses included), halves with their states, and
 * standings with what was refunded: the same for the same records and decisions, whatever order they came in (INV-ORDER).
 * Postings, epochs and times are left out: they tell of arrival.
 */
export async function ledgerHash(store: Pick<View, 'reports'>): Promise<string> {
  const { reports } = store;
  let hash = sha256();
  const add = (item: Cbor): void => {
    hash = sha256(hash, encodeCbor(item));
  };
  await each(
    (after) => reports.balances(after, PAGE),
    (row) => {
      if (row.balance === 0n) return;
      const { purse, account, participant, counterparty, currency } = row;
      add(['balance', purse, account, participant, counterparty, currency, String(row.balance)]);
    },
  );
  await each(
    (after) => reports.payerHalves(after, PAGE),
    (half) => add(['payer', half.purse, half.payment, payerState(half), half.inLog]),
  );
  await each(
    (after) => reports.payeeHalves(after, PAGE),
    (half) => add(['payee', half.purse, half.payment, payeeState(half)]),
  );
  await each(
    (after) => reports.purses(after, PAGE),
    ({ id, standing, refunded }) => {
      add(['purse', id, standing]);
      if (refunded > 0n) add(['refunded', id, String(refunded)]);
    },
  );
  return toHex(hash);
}

/** Every row of a paged report, in its order. */
async function each<T>(
  page: (after: string) => Promise<Page<T>>,
  use: (row: T) => void,
): Promise<void> {
  let after: string | null = '';
  while (after !== null) {
    const { rows, next }: Page<T> = await page(after);
    for (const row of rows) use(row);
    after = next;
  }
}
