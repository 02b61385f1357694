import type { BalanceRow, PostingRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import { expectPayees, expectPayer, storedPayer } from './halves.ts';
import { causeName, type ExpectedLedger, Sums } from './ledger.ts';
import type { Difference, Subject } from './report.ts';
import type { Rulings } from './rulings.ts';
import type { Shards } from './shards.ts';

/** The net effect of every cause on every account, as posted and as it must be. */
export function comparePostings(
  { postings }: Shards,
  expected: ExpectedLedger,
  { pending }: Rulings,
): Difference[] {
  const posted = new Map<string, Sums>();
  for (const row of postings) {
    const name = causeName(row.purse, row.cause);
    const sums = posted.get(name) ?? new Sums();
    posted.set(name, sums);
    addPosting(sums, row);
  }
  const differences: Difference[] = [];
  for (const name of new Set([...posted.keys(), ...expected.causes.keys()])) {
    const [purse = '', cause = ''] = name.split(' ');
    if (pending.payments.has(cause) || pending.purses.has(purse)) continue;
    const stored = posted.get(name) ?? new Sums();
    const computed = expected.causes.get(name) ?? new Sums();
    differences.push(...compareSums('posting', purse, stored, computed, ` for ${cause}`));
  }
  return differences;
}

/** Every balance against the sum of the postings that are stored. */
export function compareBalances({ postings, balances }: Shards): Difference[] {
  const posted = groupByPurse(postings, addPosting);
  const stored = groupByPurse(balances, (sums, row: BalanceRow) => sums.add(row, row.balance));
  return [...new Set([...posted.keys(), ...stored.keys()])].flatMap((purse) =>
    compareSums('balance', purse, stored.get(purse) ?? new Sums(), posted.get(purse) ?? new Sums()),
  );
}

function addPosting(sums: Sums, row: PostingRow): void {
  const { participant, currency } = row;
  for (const [account, amount] of [
    [row.debit, row.amount],
    [row.credit, -row.amount],
  ] as const) {
    const counterparty = account === 'position' ? row.counterparty : '';
    sums.add({ account, participant, counterparty, currency }, amount);
  }
}

function groupByPurse<R extends { readonly purse: string }>(
  rows: readonly R[],
  add: (sums: Sums, row: R) => void,
): Map<string, Sums> {
  const groups = new Map<string, Sums>();
  for (const row of rows) {
    const sums = groups.get(row.purse) ?? new Sums();
    groups.set(row.purse, sums);
    add(sums, row);
  }
  return groups;
}

function compareSums(
  subject: Subject,
  purse: string,
  stored: Sums,
  computed: Sums,
  cause = '',
): Difference[] {
  const names = [...new Set([...stored.names(), ...computed.names()])];
  return names
    .filter((name) => stored.of(name) !== computed.of(name))
    .map((name) => ({
      subject,
      purse,
      name: `${name}${cause}`,
      stored: String(stored.of(name)),
      computed: String(computed.of(name)),
    }));
}

/** Every half against what the facts say of its payment, in both directions. */
export function compareHalves(
  { purses }: Books,
  shards: Shards,
  expected: ExpectedLedger,
  { revoked, payments, pending }: Rulings,
): Difference[] {
  const payers = halvesByName(shards.payerHalves);
  const payees = halvesByName(shards.payeeHalves);
  const corrections = correctionsOf(shards);
  const differences: Difference[] = [];
  for (const found of shards.payments) {
    const { id, payer } = found;
    const paid = take(payers, causeName(payer.purse ?? '', id));
    // Whatever is under way about it decides; the halves that are there are not strangers.
    if (pending.payments.has(id)) continue;
    const own = expectPayer(found, purses);
    if (own !== null && payer.purse !== null && shards.purses.has(payer.purse)) {
      const stored = paid && storedPayer(paid);
      differences.push(...compareFields('payerHalf', payer.purse, id, stored, own));
    }
    const since = payer.purse === null ? null : (revoked.get(payer.ref) ?? null);
    for (const [purse, half] of expectPayees(found, purses, since, expected.credited.get(id))) {
      if (!shards.purses.has(purse)) continue;
      const name = causeName(purse, id);
      const stored = take(payees, name);
      if (pending.purses.has(payer.purse ?? '')) continue;
      const revision = corrections.get(name) ?? (half.credited ? 1 : 0);
      differences.push(...compareFields('payeeHalf', purse, id, stored, { ...half, revision }));
    }
  }
  return [
    ...differences,
    ...[...payers.values()].map((half) => stranger('payerHalf', half)),
    ...[...payees.values()]
      .filter(({ payment: id }) => !(pending.payments.has(id) && payments.has(id)))
      .map((half) => stranger('payeeHalf', half)),
  ];
}

/** Revision of the next credit posting, for payments whose credit was ever taken back. */
function correctionsOf({ postings }: Shards): Map<string, number> {
  const corrections = new Map<string, number>();
  for (const { kind, revision, purse, cause } of postings) {
    if (kind !== 'credit' || revision === 0) continue;
    const name = causeName(purse, cause);
    corrections.set(name, Math.max(revision + 1, corrections.get(name) ?? 0));
  }
  return corrections;
}

interface Half {
  readonly purse: string;
  readonly payment: string;
}

function halvesByName<H extends Half>(halves: readonly H[]): Map<string, H> {
  return new Map(halves.map((half) => [causeName(half.purse, half.payment), half]));
}

function take<T>(from: Map<string, T>, name: string): T | undefined {
  const there = from.get(name);
  from.delete(name);
  return there;
}

function stranger(subject: Subject, { purse, payment: name }: Half): Difference {
  return { subject, purse, name, stored: 'a half', computed: 'no authentic payment' };
}

function compareFields<T extends object>(
  subject: Subject,
  purse: string,
  name: string,
  stored: NoInfer<T> | undefined,
  computed: T,
): Difference[] {
  if (stored === undefined) {
    return [{ subject, purse, name, stored: 'nothing', computed: 'a half' }];
  }
  return (Object.keys(computed) as (keyof T & string)[])
    .filter((field) => stored[field] !== computed[field])
    .map((field) => ({
      subject,
      purse,
      name,
      stored: `${field} ${String(stored[field])}`,
      computed: `${field} ${String(computed[field])}`,
    }));
}

/** What the purse rows sum up of their halves. */
export function compareExposure(
  { purses }: Books,
  shards: Shards,
  { pending }: Rulings,
): Difference[] {
  const hidden = new Map<string, bigint>();
  for (const { inLog, payer, currency, amount } of shards.payments) {
    if (inLog || payer.purse === null || purses.get(payer.purse)?.currency !== currency) continue;
    hidden.set(payer.purse, (hidden.get(payer.purse) ?? 0n) + amount);
  }
  return [...shards.purses].flatMap((purse) => {
    const row = purses.get(purse);
    const exposed = hidden.get(purse) ?? 0n;
    if (row === undefined || pending.purses.has(purse) || row.exposed === exposed) return [];
    const [stored, computed] = [`exposed ${row.exposed}`, `exposed ${exposed}`];
    return [{ subject: 'standing', purse, name: purse, stored, computed }];
  });
}
