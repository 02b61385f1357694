import { describe, expect, test } from 'vitest';
import { ALICE, payeeHalf, payerHalf, purse } from '../store/testing/rows.ts';
import type { BalanceRow, PostingRow } from '../store/rows.ts';
import { payeeState } from './halves.ts';
import {
  applyPostings,
  loadPosting,
  loadReturnPosting,
  lossPostings,
  payerPostings,
  settleCredit,
  sumOf,
  unloadPosting,
} from './postings.ts';

const MALLORY = purse(ALICE, { standing: 'culprit' });

function legs(rows: readonly PostingRow[]): string[] {
  return rows.map(
    ({ kind, revision, participant, counterparty, debit, credit, amount }) =>
      `${kind} ${revision} ${participant}/${counterparty} ${debit}<${credit} ${amount}`,
  );
}

function balance(account: BalanceRow['account'], amount: bigint, currency = 978): BalanceRow {
  return {
    purse: ALICE,
    account,
    participant: 'ALFA',
    counterparty: '',
    currency,
    balance: amount,
  };
}

const everything = (_currency: number, shortfall: bigint): bigint => shortfall;

describe('a payer half posts', () => {
  test('its debit once, and its restore once', () => {
    const open = payerHalf(1, { amount: 5n });
    const restored = { ...open, restored: true };
    expect(legs(payerPostings(MALLORY, null, open))).toEqual(['debit 0 ALFA/ float<inFlight 5']);
    expect(legs(payerPostings(MALLORY, open, restored))).toEqual([
      'restore 0 ALFA/ inFlight<float 5',
    ]);
    expect(payerPostings(MALLORY, open, { ...open, accepted: true })).toEqual([]);
    expect(payerPostings(MALLORY, restored, { ...restored, closed: true })).toEqual([]);
    expect(payerPostings(MALLORY, null, restored)).toHaveLength(2);
  });
});

describe('a payee half is credited', () => {
  const received = payeeHalf(7, { receiptVersion: 3, payerParticipant: 'ALFA' });

  test('for a receipt, within its participant in one posting', () => {
    const { half, postings } = settleCredit(purse(ALICE), received);
    expect(half).toMatchObject({ credited: true, revision: 1 });
    expect(legs(postings)).toEqual(['credit 0 ALFA/ inFlight<float 7']);
    expect(settleCredit(purse(ALICE), half).postings).toEqual([]);
  });

  test('from another participant by way of the position, each side balanced', () => {
    const { postings } = settleCredit(purse(ALICE), { ...received, payerParticipant: 'BETA' });
    expect(legs(postings)).toEqual([
      'clearing 0 BETA/ALFA inFlight<position 7',
      'credit 0 ALFA/BETA position<float 7',
    ]);
  });

  test.each([
    ['voided', { voided: true }, 'voided'],
    ['closed', { closed: true }, 'closed'],
    ['addressed elsewhere', { addressed: false }, 'misaddressed'],
    ['accepted with the list that revokes the payer', { revokedAt: 3 }, 'afterRevocation'],
    ['accepted after that list', { revokedAt: 2 }, 'afterRevocation'],
    ['without a receipt', { receiptVersion: null }, 'expected'],
  ])('not when %s, and no more when it turns out so', (_name, change, state) => {
    expect(payeeState({ ...received, ...change })).toBe(state);
    expect(settleCredit(purse(ALICE), { ...received, ...change }).postings).toEqual([]);
    const { half } = settleCredit(purse(ALICE), received);
    const back = settleCredit(purse(ALICE), { ...half, ...change });
    expect(back.half).toMatchObject({ credited: false, revision: 2 });
    expect(legs(back.postings)).toEqual(['credit 1 ALFA/ float<inFlight 7']);
  });

  test('when accepted before the list that revokes the payer', () => {
    expect(payeeState({ ...received, revokedAt: 4 })).toBe('accepted');
  });
});

describe('reserve moves', () => {
  test('with loads, their return, and unloads', () => {
    const half = payeeHalf(9);
    expect(legs([loadPosting(MALLORY, half)])).toEqual(['load 0 ALFA/ reserve<inFlight 9']);
    expect(legs([loadReturnPosting(MALLORY, half)])).toEqual([
      'loadReturn 0 ALFA/ inFlight<reserve 9',
    ]);
    expect(legs([unloadPosting(MALLORY, half)])).toEqual(['unload 0 ALFA/ inFlight<reserve 9']);
  });
});

describe('a culprit costs', () => {
  test('what its float is below zero, and owes as much', () => {
    const { postings, revision } = lossPostings(MALLORY, [balance('float', 30n)], everything);
    expect(legs(postings)).toEqual([
      'loss 0 ALFA/ loss<float 30',
      'recourse 0 ALFA/ receivable<recourse 30',
    ]);
    expect(revision).toBe(1);
    const after = applyPostings([balance('float', 30n)], postings);
    expect(sumOf(after, 'float', 978)).toBe(0n);
    expect(sumOf(after, 'loss', 978)).toBe(30n);
    expect(lossPostings({ ...MALLORY, lossRevision: 1 }, after, everything).postings).toEqual([]);
  });

  test('nothing while its float is not', () => {
    expect(lossPostings(MALLORY, [balance('float', -1n)], everything).postings).toEqual([]);
    expect(lossPostings(MALLORY, [balance('float', 0n)], everything).postings).toEqual([]);
    expect(lossPostings(MALLORY, [], everything).postings).toEqual([]);
  });

  test('less when money comes in, and nothing when enough does', () => {
    const known = { ...MALLORY, lossRevision: 4 };
    const partly = [balance('float', -20n), balance('loss', 30n)];
    expect(legs(lossPostings(known, partly, everything).postings)).toEqual([
      'loss 4 ALFA/ float<loss 20',
      'recourse 4 ALFA/ recourse<receivable 20',
    ]);
    const wholly = [balance('float', -50n), balance('loss', 30n)];
    expect(legs(lossPostings(known, wholly, everything).postings)[0]).toBe(
      'loss 4 ALFA/ float<loss 30',
    );
  });

  test('in each currency by itself', () => {
    const both = [balance('float', 30n), balance('float', -99n, 840), balance('float', 5n, 392)];
    const { postings, revision } = lossPostings(MALLORY, both, everything);
    const losses = postings.filter(({ kind }) => kind === 'loss');
    expect(losses.map(({ currency, amount, revision: at }) => [currency, amount, at])).toEqual([
      [978, 30n, 0],
      [392, 5n, 1],
    ]);
    expect(revision).toBe(2);
  });
});
