import type { BalanceRow } from '@tallystick/backend/core';
import { toHex } from '@tallystick/protocol';
import type { World } from './world.ts';

/** Everything a paged report has; a sweep's worlds are small enough to hold it. */
async function all<T>(
  page: (after: string, limit: number) => Promise<{ rows: readonly T[]; next: string | null }>,
): Promise<T[]> {
  const rows: T[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const { rows: more, next } = await page(after, 1_000);
    rows.push(...more);
    after = next;
  }
  return rows;
}

/** Minor units by holder's account. */
type ByAccount = ReadonlyMap<string, bigint>;

/** What the books recognise as lost, and what is negative in them, by whose purse it is. */
async function lossesByAccount({ office }: World): Promise<ByAccount> {
  const { reports } = office.store;
  const accounts = new Map(
    (await all((after, limit) => reports.purses(after, limit))).map(({ id, account }) => [
      id,
      account,
    ]),
  );
  const losses = new Map<string, bigint>();
  for (const row of await all((after, limit) => reports.balances(after, limit))) {
    const account = accounts.get(row.purse) ?? row.purse;
    const lost = lostIn(row);
    if (lost > 0n) losses.set(account, (losses.get(account) ?? 0n) + lost);
  }
  return losses;
}

function lostIn({ account, balance }: BalanceRow): bigint {
  if (account === 'loss') return balance;
  return account === 'float' && balance < 0n ? -balance : 0n;
}

/** Every loss has the name of an attacker on it, and of nobody else (rule 5). */
export async function auditLosses(world: World): Promise<void> {
  for (const [account, lost] of await lossesByAccount(world)) {
    // What a finder spent too late for the refund is the fund's, on the holder's name (rule 16).
    const isSomebodys = world.truth.isTampered(account) || world.find(account)?.isGone === true;
    if (!isSomebodys) {
      world.violate('INV-SUPPLY', `a loss of ${lost} is booked on ${account}, who is honest`);
    }
  }
}

/**
 * Accounts and reserve together are what the accounts opened with: the rail neither made nor lost
 * money. And each honest holder ends with what it began with, plus what it took, less what it paid.
 */
export async function auditAccounts(world: World): Promise<void> {
  const { rail } = world.office.backend;
  const accounts = await all((after, limit) => rail.accounts(after, limit));
  const scheme = (await world.office.backend.supply()).find(
    ({ participant }) => participant === null,
  );
  const reserve = scheme?.reserve ?? 0n;
  const held = accounts.reduce((sum, { balance }) => sum + balance, 0n);
  const opened = world.openingBalance * BigInt(accounts.length);
  if (held + reserve !== opened) {
    world.violate('INV-SUPPLY', `accounts ${held} + reserve ${reserve} are not ${opened}`);
  }
  const due = dueByHolder(world);
  for (const { account, balance } of accounts) {
    if (world.truth.isTampered(account)) continue;
    if (world.find(account)?.isGone === true) {
      auditRefund(world, account, balance, due.get(account) ?? 0n);
      continue;
    }
    const expected = world.openingBalance + (due.get(account) ?? 0n);
    const atHome = balance + world.truth.balance(account);
    if (atHome !== expected) {
      world.violate('INV-REDEEM', `${account} ends with ${atHome} instead of ${expected}`);
    }
  }
}

/**
 * Whoever lost a device gets back what was in it, but for what it took and never told anybody; and
 * never more.
 */
function auditRefund(world: World, account: string, balance: bigint, due: bigint): void {
  const purse = world.truth.purse(account);
  const untold = (purse?.answered ?? [])
    .filter(({ seq, verdict }) => verdict === 1 && seq > (purse?.ackedTo ?? 0))
    .reduce((sum, { id }) => sum + (world.truth.payments.get(toHex(id))?.amount ?? 0n), 0n);
  const most = world.openingBalance + due + unclaimed(world, account);
  const least = world.openingBalance + due - untold;
  if (balance > most || balance < least) {
    const range = `${least} to ${most}`;
    world.violate('INV-REDEEM', `${account} lost a device, and has ${balance} instead of ${range}`);
  }
}

/** What left a device to payees that never told anybody: nobody can say that it is not still there. */
function unclaimed(world: World, account: string): bigint {
  const { truth } = world;
  const isTold = (name: string): boolean =>
    !truth.isTampered(name) && world.find(name)?.isGone !== true;
  return [...truth.payments.values()]
    .filter(({ payer, isUnload, restored, acceptedBy }) => {
      if (payer !== account || isUnload || restored > 0) return false;
      return ![...acceptedBy].some(isTold);
    })
    .reduce((sum, { amount }) => sum + amount, 0n);
}

/** What each device took less what it paid and did not get back. */
function dueByHolder({ truth }: World): ByAccount {
  const due = new Map<string, bigint>();
  const add = (who: string, amount: bigint): void => {
    due.set(who, (due.get(who) ?? 0n) + amount);
  };
  for (const { payer, isUnload, acceptedBy, restored, amount } of truth.payments.values()) {
    if (payer === null || isUnload) continue;
    for (const payee of acceptedBy) add(payee, amount);
    add(payer, restored > 0 ? 0n : -amount);
  }
  return due;
}
