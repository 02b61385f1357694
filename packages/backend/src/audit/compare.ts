import type { BalanceRow, PostingRow, PurseRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import { expectPayees, expectPayer, storedPayer } from './halves.ts';
import { causeName, type ExpectedLedger, revokedVersions, Sums } from './ledger.ts';
import type { Difference, Subject } from './report.ts';

/** Subjects that messages under way will still change: a payment, or a whole purse. */
export interface Pending {
  readonly payments: ReadonlySet<string>;
  readonly purses: ReadonlySet<string>;
}

export function pendingIn({ undelivered }: Books): Pending {
  const payments = new Set<string>();
  const purses = new Set<string>();
  for (const { from, to, message } of undelivered) {
    // The rail changes nothing here; everything else changes its addressee, or its sender.
    if (message.kind === 'credit') continue;
    if ('payment' in message) payments.add(message.payment);
    purses.add(to);
    if (message.kind === 'revoke') purses.add(from);
  }
  return { payments, purses };
}

/** The net effect of every cause on every account, as posted and as it must be. */
export function comparePostings(
  books: Books,
  expected: ExpectedLedger,
  pending: Pending,
): Difference[] {
  const posted = new Map<string, Sums>();
  for (const row of books.postings) {
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
export function compareBalances({ postings, balances }: Books): Difference[] {
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
  books: Books,
  payments: ReadonlyMap<string, PaymentFindings>,
  expected: ExpectedLedger,
  pending: Pending,
): Difference[] {
  const purses = new Map(books.purses.map((row) => [row.id, row]));
  const revoked = revokedVersions(books);
  const payers = new Map(
    books.payerHalves.map((half) => [causeName(half.purse, half.payment), half]),
  );
  const payees = new Map(
    books.payeeHalves.map((half) => [causeName(half.purse, half.payment), half]),
  );
  const underWay = Map.groupBy(
    books.payeeHalves.filter(({ payment }) => pending.payments.has(payment)),
    ({ payment }) => payment,
  );
  const corrections = correctionsOf(books);
  const differences: Difference[] = [];
  for (const found of payments.values()) {
    const { id, payer } = found;
    const credited = expected.credited.get(id);
    const since = revoked.get(payer.ref) ?? null;
    const wanted = expectPayees(found, purses, payer.purse === null ? null : since, credited);
    const own = expectPayer(found, purses);
    if (pending.payments.has(id)) {
      // Whatever is under way about it decides; the halves that are there are not strangers.
      if (payer.purse !== null) payers.delete(causeName(payer.purse, id));
      for (const { purse } of underWay.get(id) ?? []) payees.delete(causeName(purse, id));
      continue;
    }
    if (own !== null && payer.purse !== null) {
      const name = causeName(payer.purse, id);
      const half = payers.get(name);
      payers.delete(name);
      const stored = half && storedPayer(half);
      differences.push(...compareFields('payerHalf', payer.purse, id, stored, own));
    }
    for (const [purse, half] of wanted) {
      const name = causeName(purse, id);
      const stored = payees.get(name);
      payees.delete(name);
      if (pending.purses.has(payer.purse ?? '')) continue;
      const revision = corrections.get(name) ?? (half.credited ? 1 : 0);
      differences.push(...compareFields('payeeHalf', purse, id, stored, { ...half, revision }));
    }
  }
  return [
    ...differences,
    ...[...payers.values()].map((half) => stranger('payerHalf', half)),
    ...[...payees.values()].map((half) => stranger('payeeHalf', half)),
  ];
}

/** Revision of the next credit posting, for payments whose credit was ever taken back. */
function correctionsOf({ postings }: Books): Map<string, number> {
  const corrections = new Map<string, number>();
  for (const { kind, revision, purse, cause } of postings) {
    if (kind !== 'credit' || revision === 0) continue;
    const name = causeName(purse, cause);
    corrections.set(name, Math.max(revision + 1, corrections.get(name) ?? 0));
  }
  return corrections;
}

function stranger(
  subject: Subject,
  half: { readonly purse: string; readonly payment: string },
): Difference {
  const { purse, payment: name } = half;
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

/** What the purse rows sum up of their halves and of the lists. */
export function compareExposure(
  purse: PurseRow,
  payments: readonly PaymentFindings[],
): Difference[] {
  const hidden = payments
    .filter(({ inLog, payment }) => !inLog && payment.value.currency === purse.currency)
    .reduce((sum, { payment }) => sum + payment.value.amount, 0n);
  if (hidden === purse.exposed) return [];
  const [stored, computed] = [`exposed ${purse.exposed}`, `exposed ${hidden}`];
  return [{ subject: 'standing', purse: purse.id, name: purse.id, stored, computed }];
}
