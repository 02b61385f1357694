import type { Reports } from '../store/port.ts';
import type { BalanceRow, PayeeHalf, PayerHalf, PostingRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import { Reader } from './volumes.ts';

/** The shards of some purses: what is stored in them, and what ought to be follows from. */
export interface Shards {
  readonly purses: ReadonlySet<string>;
  /** Every payment that has to do with one of the purses. */
  readonly payments: ReadonlySet<PaymentFindings>;
  readonly payerHalves: readonly PayerHalf[];
  readonly payeeHalves: readonly PayeeHalf[];
  readonly postings: readonly PostingRow[];
  readonly balances: readonly BalanceRow[];
}

/** Reads the shards of all purses, some at a time: as many as have about so many `payments`. */
export async function* shardsOf(
  reports: Reports,
  books: Books,
  findings: Iterable<PaymentFindings>,
  payments: number,
): AsyncGenerator<Shards> {
  const touching = byPurse(books, findings);
  const payerHalves = new Reader((after, limit) => reports.payerHalves(after, limit), payments);
  const payeeHalves = new Reader((after, limit) => reports.payeeHalves(after, limit), payments);
  const postings = new Reader((after, limit) => reports.postings(after, limit), payments);
  const balances = new Reader((after, limit) => reports.balances(after, limit), payments);
  for (const { names, last } of chunks(touching, payments)) {
    yield {
      purses: new Set(names),
      payments: new Set(names.flatMap((name) => touching.get(name) ?? [])),
      payerHalves: await payerHalves.upTo(last),
      payeeHalves: await payeeHalves.upTo(last),
      postings: await postings.upTo(last),
      balances: await balances.upTo(last),
    };
  }
}

/** The payments that each purse has to do with, whichever way. */
function byPurse(
  { purses }: Books,
  findings: Iterable<PaymentFindings>,
): ReadonlyMap<string, readonly PaymentFindings[]> {
  const touching = new Map<string, PaymentFindings[]>();
  for (const id of purses.keys()) touching.set(id, []);
  for (const found of findings) {
    const { payer, payee, load, receipts, voids } = found;
    const named = [payer.purse, payee?.purse, load?.purse, ...receipts.keys(), ...voids];
    for (const name of new Set(named)) {
      if (name == null) continue;
      const there = touching.get(name);
      if (there === undefined) touching.set(name, [found]);
      else there.push(found);
    }
  }
  return touching;
}

/** Purses in order, until they have enough payments; behind the `last` of them all, whatever is left. */
function* chunks(
  touching: ReadonlyMap<string, readonly PaymentFindings[]>,
  payments: number,
): Generator<{ readonly names: readonly string[]; readonly last: string | null }> {
  let names: string[] = [];
  let count = 0;
  for (const name of [...touching.keys()].sort()) {
    if (count >= payments) {
      yield { names, last: names.at(-1) ?? null };
      [names, count] = [[], 0];
    }
    names.push(name);
    count += 1 + (touching.get(name)?.length ?? 0);
  }
  yield { names, last: null };
}
