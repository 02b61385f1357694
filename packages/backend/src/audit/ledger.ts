import type { Account, PurseRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import { isLoadTakenBack } from './halves.ts';
import { type ReadRefund, refundedTotals, unpaidUnloads } from './lost.ts';
import type { Rulings } from './rulings.ts';
import type { Shards } from './shards.ts';

/** Debits less credits by account. */
export class Sums {
  readonly #sums = new Map<string, { readonly account: AccountOf; sum: bigint }>();

  add(account: AccountOf, amount: bigint): void {
    const name = accountName(account);
    const there = this.#sums.get(name) ?? { account, sum: 0n };
    there.sum += amount;
    this.#sums.set(name, there);
  }

  of(name: string): bigint {
    return this.#sums.get(name)?.sum ?? 0n;
  }

  /** Names of the accounts, those at zero too. */
  names(): string[] {
    return [...this.#sums.keys()];
  }

  entries(): readonly { readonly account: AccountOf; readonly sum: bigint }[] {
    return [...this.#sums.values()];
  }
}

/** What some shards must hold, worked out from nothing. */
export interface ExpectedLedger {
  /** By purse and cause, then by account. */
  readonly causes: ReadonlyMap<string, Sums>;
  /** Purses that a payment's money is credited to, by payment. */
  readonly credited: ReadonlyMap<string, string>;
}

export interface AccountOf {
  readonly account: Account;
  readonly participant: string;
  readonly counterparty: string;
  readonly currency: number;
}

function accountName({ account, participant, counterparty, currency }: AccountOf): string {
  return `${account} of ${participant}${counterparty === '' ? '' : ` with ${counterparty}`} in ${currency}`;
}

export function causeName(purse: string, cause: string): string {
  return `${purse} ${cause}`;
}

/** Adds up what every payment must have moved in these shards, and then what culprits must have cost. */
export function expectLedger(books: Books, shards: Shards, rulings: Rulings): ExpectedLedger {
  const { purses } = books;
  const causes = new Map<string, Sums>();
  const credited = new Map<string, string>();
  const move: Move = (purse, cause, from, to, amount) => {
    if (!shards.purses.has(purse)) return;
    const name = causeName(purse, cause);
    const sums = causes.get(name) ?? new Sums();
    causes.set(name, sums);
    sums.add(to, amount);
    sums.add(from, -amount);
  };
  for (const each of shards.payments) {
    const { amount, currency } = each;
    const account = (of: Account, participant: string, counterparty = ''): AccountOf => ({
      account: of,
      participant,
      counterparty,
      currency,
    });
    const payer = each.payer.participant;
    const home = each.payer.purse ?? each.load?.purse ?? null;
    const flight = account('inFlight', payer);
    const source = account(each.payer.purse === null ? 'reserve' : 'float', payer);
    if (home === null) continue;
    move(home, each.id, flight, source, amount);
    if (each.takenBack) move(home, each.id, account('float', payer), flight, amount);
    else if (each.restored) move(home, each.id, source, flight, amount);
    if (each.paidOut) move(home, each.id, account('reserve', payer), flight, amount);

    const payee = creditedPurse(each, purses, rulings.revoked);
    if (payee === null) continue;
    credited.set(each.id, payee.id);
    const own = payee.participant;
    const float = account('float', own);
    if (own === payer) {
      move(payee.id, each.id, float, flight, amount);
    } else {
      move(payee.id, each.id, account('position', payer, own), flight, amount);
      move(payee.id, each.id, float, account('position', own, payer), amount);
    }
  }
  expectRefunds(rulings.refunds, purses, move);
  const refunded = refundedTotals(rulings.refunds);
  const late = { refunded, unpaid: unpaidUnloads(shards.payments, purses) };
  expectLosses(purses, rulings.culprits, late, causes, move);
  return { causes, credited };
}

/** Who must have been credited: the payee, unless something outweighs its receipt. */
function creditedPurse(
  found: PaymentFindings,
  purses: Books['purses'],
  revoked: ReadonlyMap<string, number>,
): PurseRow | null {
  const { payee, payer, currency, receipts, voids } = found;
  const closed = found.closed || isLoadTakenBack(found);
  const purse = purses.get(payee?.purse ?? '');
  const version = receipts.get(purse?.id ?? '');
  if (purse === undefined || version === undefined) return null;
  if (purse.currency !== currency || voids.has(purse.id) || closed) return null;
  const since = revoked.get(payer.ref);
  return since === undefined || version < since ? purse : null;
}

type Move = (purse: string, cause: string, from: AccountOf, to: AccountOf, amount: bigint) => void;

/** Every refund leaves its purse's float for the reserve it was paid from. */
function expectRefunds(refunds: readonly ReadRefund[], purses: Books['purses'], move: Move): void {
  for (const { decision, refund } of refunds) {
    const purse = purses.get(decision.purse);
    if (purse === undefined) continue;
    const { currency, amount } = refund;
    const of = (account: Account): AccountOf => ({
      account,
      participant: purse.participant,
      counterparty: '',
      currency,
    });
    move(purse.id, decision.cause, of('reserve'), of('float'), amount);
  }
}

/** In minor units, by purse: what was refunded, and unloads that were not paid. */
interface Late {
  readonly refunded: ReadonlyMap<string, bigint>;
  readonly unpaid: ReadonlyMap<string, bigint>;
}

/**
 * A culprit's float is never below zero: what is missing is loss, and owed by it. In a lost purse
 * that is so for what was claimed after its refunds, as far as they went.
 */
function expectLosses(
  purses: Books['purses'],
  culprits: ReadonlySet<string>,
  { refunded, unpaid }: Late,
  causes: ReadonlyMap<string, Sums>,
  move: Move,
): void {
  const floats = new Map<string, Sums>();
  for (const [name, sums] of causes) {
    const purse = purses.get(name.split(' ')[0] ?? '');
    if (purse === undefined) continue;
    if (!culprits.has(purse.id) && !refunded.has(purse.id)) continue;
    const total = floats.get(purse.id) ?? new Sums();
    floats.set(purse.id, total);
    for (const { account, sum } of sums.entries()) {
      // What is recognised of refunds is in the currency that they were paid in.
      const counts = culprits.has(purse.id) || account.currency === purse.currency;
      if (account.account === 'float' && counts) total.add(account, sum);
    }
  }
  for (const [purse, total] of floats) {
    for (const { account, sum } of total.entries()) {
      const most = culprits.has(purse) ? sum : (refunded.get(purse) ?? 0n);
      const claimed = culprits.has(purse) ? sum : sum - (unpaid.get(purse) ?? 0n);
      const loss = claimed < most ? claimed : most;
      // A positive sum of debits is a float below zero.
      if (loss <= 0n) continue;
      const of = (other: Account): AccountOf => ({ ...account, account: other });
      move(purse, purse, account, of('loss'), loss);
      move(purse, purse, of('recourse'), of('receivable'), loss);
    }
  }
}
