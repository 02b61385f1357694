import type {
  Account,
  BalanceRow,
  PayeeHalf,
  PayerHalf,
  PostingKind,
  PostingRow,
  PurseRow,
} from '../store/rows.ts';
import { balanceChanges } from '../store/balances.ts';
import { balanceKey } from '../store/keys.ts';
import { payeeState } from './halves.ts';

type Leg = Pick<PostingRow, 'kind' | 'debit' | 'credit'> & {
  readonly participant: string;
  readonly counterparty?: string;
};

function posting(
  purse: PurseRow,
  cause: string,
  money: Pick<PostingRow, 'currency' | 'amount'>,
  leg: Leg,
  revision = 0,
): PostingRow {
  return {
    purse: purse.id,
    cause,
    kind: leg.kind,
    revision,
    participant: leg.participant,
    counterparty: leg.counterparty ?? '',
    currency: money.currency,
    debit: leg.debit,
    credit: leg.credit,
    amount: money.amount,
  };
}

function exchanged(row: PostingRow): PostingRow {
  return { ...row, debit: row.credit, credit: row.debit };
}

/** A leg of a kind that can happen only once a cause, within the purse's own participant. */
function single(kind: PostingKind, debit: Account, credit: Account) {
  return (
    purse: PurseRow,
    of: { readonly payment: string } & Pick<PostingRow, 'currency' | 'amount'>,
  ): PostingRow =>
    posting(purse, of.payment, of, { kind, debit, credit, participant: purse.participant });
}

/** The issuer's payment to a purse exists: money left the account for the air. */
export const loadPosting: ReturnType<typeof single> = single('load', 'reserve', 'inFlight');
/** A load that can never be accepted any more goes back. */
export const loadReturnPosting: ReturnType<typeof single> = single(
  'loadReturn',
  'inFlight',
  'reserve',
);
/** Money that was paid to the issuer leaves the float for good. */
export const unloadPosting: ReturnType<typeof single> = single('unload', 'inFlight', 'reserve');
const debitPosting = single('debit', 'float', 'inFlight');
/** Money that was under way is in the purse again. */
export const restorePosting: ReturnType<typeof single> = single('restore', 'inFlight', 'float');
/** What was left in a lost purse goes back to its account. */
export const refundPosting: ReturnType<typeof single> = single('refund', 'float', 'reserve');

/** What a change of a payer's half posts: the debit once, the restore once. */
export function payerPostings(
  purse: PurseRow,
  before: PayerHalf | null,
  after: PayerHalf,
): PostingRow[] {
  const rows: PostingRow[] = [];
  if (before === null) rows.push(debitPosting(purse, after));
  if (after.restored && before?.restored !== true) rows.push(restorePosting(purse, after));
  return rows;
}

/**
 * Brings the credit of a payee's half in line with its state: posts it, or takes it back when a
 * void, a closure or a revocation has become known. Between participants, the payer's hands its
 * flight to the payee's, and the position between them remembers it.
 */
export function settleCredit(
  purse: PurseRow,
  half: PayeeHalf,
): { readonly half: PayeeHalf; readonly postings: readonly PostingRow[] } {
  const credited = payeeState(half) === 'accepted';
  // GUARD credit-once (INV-SUPPLY): a credit is posted when it changes, and then once.
  if (credited === half.credited) return { half, postings: [] };
  const payer = half.payerParticipant;
  const payee = purse.participant;
  const legs: Leg[] =
    payer === payee
      ? [{ kind: 'credit', debit: 'inFlight', credit: 'float', participant: payee }]
      : [
          {
            kind: 'clearing',
            debit: 'inFlight',
            credit: 'position',
            participant: payer,
            counterparty: payee,
          },
          {
            kind: 'credit',
            debit: 'position',
            credit: 'float',
            participant: payee,
            counterparty: payer,
          },
        ];
  const postings = legs
    .map((leg) => posting(purse, half.payment, half, leg, half.revision))
    .map((row) => (credited ? row : exchanged(row)));
  return { half: { ...half, credited, revision: half.revision + 1 }, postings };
}

/**
 * Keeps a purse's recognised loss at what its records leave uncovered, per currency, and the claim
 * against it at the same amount. `balances` are the shard's, everything else posted; `uncoveredBy`
 * says how much of a shortfall, in minor units, is recognised.
 */
export function lossPostings(
  purse: PurseRow,
  balances: readonly BalanceRow[],
  uncoveredBy: (currency: number, shortfall: bigint) => bigint,
): { readonly postings: readonly PostingRow[]; readonly revision: number } {
  const postings: PostingRow[] = [];
  let revision = purse.lossRevision;
  for (const currency of new Set(balances.map((row) => row.currency))) {
    const float = -sumOf(balances, 'float', currency);
    const loss = sumOf(balances, 'loss', currency);
    // The loss posted so far has lifted the float: without it, it would stand at float − loss.
    const uncovered = uncoveredBy(currency, loss - float > 0n ? loss - float : 0n);
    const change = uncovered - loss;
    if (change === 0n) continue;
    const money = { currency, amount: change > 0n ? change : -change };
    const { participant } = purse;
    const rows = [
      posting(
        purse,
        purse.id,
        money,
        { kind: 'loss', debit: 'loss', credit: 'float', participant },
        revision,
      ),
      posting(
        purse,
        purse.id,
        money,
        { kind: 'recourse', debit: 'receivable', credit: 'recourse', participant },
        revision,
      ),
    ];
    postings.push(...(change > 0n ? rows : rows.map(exchanged)));
    revision += 1;
  }
  return { postings, revision };
}

/** Debits less credits on one account of a shard, over participants and counterparties. */
export function sumOf(balances: readonly BalanceRow[], account: Account, currency: number): bigint {
  return balances
    .filter((row) => row.account === account && row.currency === currency)
    .reduce((sum, row) => sum + row.balance, 0n);
}

/** The balances after some postings. */
export function applyPostings(
  balances: readonly BalanceRow[],
  postings: readonly PostingRow[],
): BalanceRow[] {
  const byKey = new Map(balances.map((row) => [balanceKey(row), row]));
  for (const change of balanceChanges(postings)) {
    const key = balanceKey(change);
    const balance = change.balance + (byKey.get(key)?.balance ?? 0n);
    byKey.set(key, { ...change, balance });
  }
  return [...byKey.values()];
}
