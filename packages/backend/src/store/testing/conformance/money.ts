import { expect, test } from 'vitest';
import {
  ALICE,
  BOB,
  decision,
  digestOf,
  fact,
  id,
  payeeHalf,
  payerHalf,
  posting,
  purse,
  ref,
} from '../rows.ts';
import { write, look, sorted, type WithStore } from '../suite.ts';

export function describeMoney(withStore: WithStore): void {
  test('keeps balances at the sum of the postings, by account and shard', () =>
    withStore(async (store) => {
      await write(store, {
        purses: [purse(ALICE)],
        postings: [posting(5), posting(7), posting(100, { debit: 'inFlight', credit: 'float' })],
      });
      await write(store, {
        postings: [
          posting(30, {
            kind: 'clearing',
            debit: 'inFlight',
            credit: 'position',
            counterparty: 'BETA',
          }),
        ],
      });
      const rows = await look(store, (tx) => tx.balances(ALICE));
      const amounts = rows.map(({ account, counterparty, balance }) => [
        account,
        counterparty,
        balance,
      ]);
      expect(sorted(amounts)).toEqual(
        sorted([
          ['float', '', -88n],
          ['inFlight', '', 118n],
          ['position', 'BETA', -30n],
        ]),
      );
    }));

  test('keeps sums that no 64 bits hold', () =>
    withStore(async (store) => {
      const rows = [posting(1, { amount: 2n ** 70n }), posting(2, { amount: 2n ** 63n })];
      await write(store, { purses: [purse(ALICE)], postings: rows });
      await write(store, { postings: [posting(3, { amount: 2n ** 64n })] });
      const balances = await look(store, (tx) => tx.balances(ALICE));
      const float = balances.find(({ account }) => account === 'float');
      expect(float?.balance).toBe(2n ** 70n + 2n ** 63n + 2n ** 64n);
      expect((await store.reports.postings('', 2)).rows).toEqual(rows);
    }));

  test.each([
    ['0', posting(5, { amount: 0n })],
    ['-1', posting(5, { amount: -1n })],
    ['an account to itself', posting(5, { credit: 'float' })],
  ])('takes no posting of %s', (_, row) =>
    withStore(async (store) => {
      await write(store, { purses: [purse(ALICE)] });
      await expect(write(store, { postings: [row] })).rejects.toThrow(/a posting/);
      expect((await store.reports.postings('', 9)).rows).toEqual([]);
    }),
  );

  test('sums over shards, beyond what one can hold', () =>
    withStore(async (store) => {
      const amount = 2n ** 62n;
      const names = [ref(1), ref(2), ref(3)];
      for (const name of names) {
        await write(
          store,
          { purses: [purse(name)], postings: [posting(1, { purse: name, amount })] },
          [name],
        );
      }
      const totals = await store.reports.totals();
      expect(totals.map(({ account, balance }) => [account, balance])).toEqual([
        ['float', amount * 3n],
        ['inFlight', amount * -3n],
      ]);
      expect(await store.reports.currencies()).toEqual([978]);
    }));
}

export function describeReports(withStore: WithStore): void {
  test('pages through everything, purse by purse, each row once', () =>
    withStore(async (store) => {
      const names = [ref(3), ref(1), ref(2)];
      for (const name of names) {
        const of = { purse: name };
        await write(
          store,
          {
            purses: [purse(name, { participant: name === ref(1) ? 'AL' : 'ALFA' })],
            facts: [fact(2, of), fact(1, of)],
            payerHalves: [payerHalf(2, of), payerHalf(1, of)],
            payeeHalves: [payeeHalf(2, of), payeeHalf(1, of)],
            postings: [
              posting(1, { ...of, revision: 10 }),
              posting(1, { ...of, revision: 9 }),
              posting(1, { ...of, participant: 'AL', kind: 'restore', currency: 48 }),
            ],
            decisions: [decision(2, of), decision(1, { ...of, kind: 'payout' })],
            proofs: [
              {
                purse: name,
                digest: digestOf(name),
                certificate: name,
                kind: 1,
                wire: Uint8Array.of(1),
                time: 1,
              },
            ],
          },
          [name],
        );
      }
      const { reports } = store;
      for (const [report, rows] of [
        ['purses', 3],
        ['facts', 6],
        ['payerHalves', 6],
        ['payeeHalves', 6],
        ['postings', 9],
        ['balances', 12],
        ['decisions', 6],
        ['proofs', 3],
      ] as const) {
        const whole = await reports[report]('', 100);
        expect(whole.rows).toHaveLength(rows);
        expect(whole.next).toBeNull();
        const pieces: unknown[] = [];
        let after: string | null = '';
        while (after !== null) {
          const page: { readonly rows: readonly unknown[]; readonly next: string | null } =
            await reports[report](after, 2);
          pieces.push(...page.rows);
          after = page.next;
        }
        expect(pieces).toEqual(whole.rows);
      }
      expect((await reports.purses('', 9)).rows.map((row) => row.id)).toEqual(names.toSorted());
    }));

  test('shows both halves of a payment', () =>
    withStore(async (store) => {
      const payer = payerHalf(1, { payeePurse: BOB });
      const payee = payeeHalf(1, { purse: BOB });
      const loaded = payeeHalf(3, { payerPurse: null });
      const load = decision(3, { kind: 'load' });
      await write(store, { purses: [purse(ALICE)], payerHalves: [payer] });
      await write(store, { payeeHalves: [loaded], decisions: [load] });
      await write(store, { purses: [purse(BOB)], payeeHalves: [payee] }, [BOB]);
      expect(await store.reports.payment(id(1))).toEqual({ payer, payee });
      expect(await store.reports.payment(id(3))).toEqual({ payer: null, payee: loaded });
      expect(await store.reports.payment(id(2))).toEqual({ payer: null, payee: null });
    }));
}
