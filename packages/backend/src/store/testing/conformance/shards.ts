import { expect, test } from 'vitest';
import {
  ALICE,
  BOB,
  certificate,
  decision,
  digestOf,
  fact,
  id,
  payeeHalf,
  payerHalf,
  purse,
  ref,
} from '../rows.ts';
import { write, look, message, TAKEN, type WithStore } from '../suite.ts';

export function describeRows(withStore: WithStore): void {
  test('gives back a purse as it was written', () =>
    withStore(async (store) => {
      const row = purse(ALICE, {
        provenSeq: 4_294_967_295,
        epoch: 4_294_967_295,
        rolledBack: true,
        standing: 'culprit',
        reason: 'fork',
        exposed: 9_007_199_254_740_991n * 4_096n,
        lossRevision: 3,
        forkSeq: 17,
        closing: { id: id(9), seq: 8, floor: 4_294_967_295 },
        untold: { since: 3, told: 256 },
        loadSeq: 2,
        loadHead: digestOf('load'),
        revokedAt: 5,
        syncedAt: 4_294_967_295,
        horizon: 4_294_967_295,
        refundPending: true,
        refunds: 2,
        refunded: 9_007_199_254_740_991n,
      });
      await write(store, { purses: [purse(ALICE)] });
      await write(store, { purses: [row] });
      expect(await look(store, (tx) => tx.purse(ALICE))).toEqual(row);
      expect(await store.reports.purse(ALICE)).toEqual(row);
      expect(await store.reports.purse(BOB)).toBeNull();
      expect(await look(store, (tx) => tx.purse(BOB), BOB)).toBeNull();
    }));

  test('finds certificates by reference and by purse, and writes each once', () =>
    withStore(async (store) => {
      const rows = [
        certificate(1, { fromSeq: 9 }),
        certificate(2),
        certificate(3, { purse: null }),
      ];
      await write(store, { purses: [purse(ALICE)], certificates: rows });
      expect(await store.certificates([ref(3), ref(4)])).toEqual([rows[2]]);
      expect(await store.certificates([ref(1), ref(2), ref(1)])).toHaveLength(2);
      expect(await store.certificatesOf([ALICE, BOB])).toEqual([rows[1], rows[0]]);
      expect(await store.certificatesOf([])).toEqual([]);
      await expect(write(store, { certificates: [certificate(1)] })).rejects.toThrow(TAKEN);
    }));

  test('finds facts by position, by id, and from a position on', () =>
    withStore(async (store) => {
      const evidence = Uint8Array.of(1);
      const facts = [
        fact(1, { evidence }),
        fact(2, { signature: new Uint8Array(64) }),
        fact(3),
        fact(3, { key: id(77), id: id(77) }),
        fact(4, { key: id(4), salt: null, signature: new Uint8Array(64) }),
      ];
      await write(store, { purses: [purse(ALICE)], facts });
      // Numbering goes on in later rows, and what is known by its signature alone lies anywhere.
      await write(store, {
        facts: [
          fact(5),
          fact(2, { key: id(78), id: id(78), salt: null, signature: new Uint8Array(64) }),
        ],
      });
      const at = await look(store, (tx) => tx.read(ALICE, { positions: [1, 2, 3, 9] }));
      expect(at.places.toSorted((one, other) => (one.key < other.key ? -1 : 1))).toEqual([
        { key: id(77), id: id(77), seq: 3, isEntry: true, isSigned: false },
        { key: id(78), id: id(78), seq: 2, isEntry: false, isSigned: true },
        { key: id(0x1001), id: id(1), seq: 1, isEntry: true, isSigned: false },
        { key: id(0x1002), id: id(2), seq: 2, isEntry: true, isSigned: true },
        { key: id(0x1003), id: id(3), seq: 3, isEntry: true, isSigned: false },
      ]);
      expect(at).toMatchObject({ claims: [], gaps: [], payerHalves: [], payeeHalves: [] });
      expect(await look(store, (tx) => tx.factsFrom(ALICE, 3))).toEqual([
        facts[3],
        facts[2],
        facts[4],
        fact(5),
      ]);
      expect(await store.reports.fact(id(2))).toEqual([facts[1]]);
    }));

  test('finds facts that lie far apart, each once', () =>
    withStore(async (store) => {
      await write(store, { purses: [purse(ALICE)], facts: [fact(1), fact(9_000)] });
      await write(store, { facts: [fact(4_000), fact(9_001)] });
      const positions = [9_001, 1, 9_000, 8_000, 4_001];
      const { places } = await look(store, (tx) => tx.read(ALICE, { positions }));
      expect(places.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual([1, 9_000, 9_001]);
    }));

  test('says which payments their payers have', () =>
    withStore(async (store) => {
      const payerHalves = [payerHalf(1, { purse: BOB })];
      await write(store, { purses: [purse(ALICE), purse(BOB)], payerHalves }, [ALICE, BOB]);
      const asked = [
        { purse: BOB, id: id(1) },
        { purse: BOB, id: id(2) },
        { purse: ALICE, id: id(1) },
      ];
      expect(await look(store, (tx) => tx.proven(asked))).toEqual(new Set([id(1)]));
      expect(await look(store, (tx) => tx.proven([]))).toEqual(new Set());
      expect(await look(store, (tx) => tx.proven([{ purse: ALICE, id: id(1) }]))).toEqual(
        new Set(),
      );
    }));

  test('adds, replaces and removes claims and gaps', () =>
    withStore(async (store) => {
      const claim = { purse: ALICE, key: id(1), seq: 1, entry: Uint8Array.of(1) };
      const other = { ...claim, key: id(2), seq: 2 };
      const gap = { purse: ALICE, head: id(3), seq: 3 };
      await write(store, { purses: [purse(ALICE)], claims: [claim, other], gaps: [gap] });
      const entry = Uint8Array.of(9);
      await write(store, { claims: [{ ...claim, entry }], claimsGone: [other] });
      const left = await look(store, (tx) => tx.read(ALICE, { claims: true, gaps: true }));
      expect(left).toMatchObject({ claims: [{ ...claim, entry }], gaps: [gap] });
      await write(store, { gapsGone: [gap], claimsGone: [claim] });
      const none = await look(store, (tx) => tx.read(ALICE, { claims: true, gaps: true }));
      expect(none).toMatchObject({ claims: [], gaps: [] });
    }));

  test('finds the payer halves that wait, and those settled since an epoch', () =>
    withStore(async (store) => {
      const halves = [
        payerHalf(1),
        payerHalf(2, { closed: true }),
        payerHalf(3, { closed: true, restored: true, payeePurse: null }),
        payerHalf(4, { unload: 'held' }),
        payerHalf(5, { unload: 'frozen' }),
        payerHalf(6, { unload: 'paid', settledEpoch: 7 }),
        payerHalf(7, { accepted: true, settledEpoch: 0, voided: true }),
        payerHalf(8, { accepted: true, settledEpoch: 8 }),
      ];
      await write(store, { purses: [purse(ALICE)], payerHalves: halves.toReversed() });
      const seqs = (rows: readonly { readonly seq: number }[]): number[] =>
        rows.map(({ seq }) => seq);
      expect(seqs(await look(store, (tx) => tx.waitingPayerHalves(ALICE)))).toEqual([2, 4, 5]);
      expect(await look(store, (tx) => tx.allPayerHalves(ALICE))).toEqual(halves);
      const settled = await look(store, (tx) => tx.settledSince(ALICE, 7));
      expect(settled).toEqual(expect.arrayContaining([id(6), id(8)]));
      expect(await look(store, (tx) => tx.settledSince(ALICE, 9))).toEqual([]);
      const read = await look(store, (tx) => tx.read(ALICE, { payerHalves: [id(3), id(9)] }));
      expect(read.payerHalves).toEqual([halves[2]]);
      await write(store, { payerHalves: [payerHalf(1, { voided: true, settledEpoch: 3 })] });
      expect((await store.reports.payment(id(1))).payer).toMatchObject({ voided: true });
    }));

  test('finds the payee halves that lapse before a floor', () =>
    withStore(async (store) => {
      const halves = [
        payeeHalf(1),
        payeeHalf(2, { receiptVersion: 4, credited: true, revision: 1 }),
        payeeHalf(3, { closed: true, revokedAt: 6 }),
        payeeHalf(4, { voided: true, payerPurse: null }),
        payeeHalf(50),
      ];
      await write(store, { purses: [purse(ALICE)], payeeHalves: halves });
      const lapsed = await look(store, (tx) => tx.lapsedPayeeHalves(ALICE, 1_700_000_050));
      expect(lapsed).toEqual([halves[0], halves[3]]);
      const read = await look(store, (tx) =>
        tx.read(ALICE, { payeeHalves: halves.map(({ payment }) => payment) }),
      );
      expect(read.payeeHalves.toSorted((a, b) => (a.payment < b.payment ? -1 : 1))).toEqual(halves);
    }));

  test('keeps answers, decisions and proofs, each once', () =>
    withStore(async (store) => {
      const answer = {
        purse: ALICE,
        statement: id(1),
        epoch: 1,
        ackedTo: 3,
        upload: null,
        wire: Uint8Array.of(1),
      };
      const external = Uint8Array.from({ length: 32 }, () => 7);
      const load = decision(1, { kind: 'load', external });
      const closure = decision(1);
      await write(store, {
        purses: [purse(ALICE)],
        answers: [answer, { ...answer, statement: id(3), upload: id(4) }],
        decisions: [load, closure, decision(2)],
      });
      expect(await look(store, (tx) => tx.answer(ALICE, id(1)))).toEqual(answer);
      expect((await look(store, (tx) => tx.answer(ALICE, id(3))))?.upload).toBe(id(4));
      expect(await look(store, (tx) => tx.answer(ALICE, id(2)))).toBeNull();
      const asked = [1, 2].map((number) => ({ purse: ALICE, statement: id(number) }));
      expect(await store.answers(asked)).toEqual([answer]);
      expect(await store.answers([{ purse: BOB, statement: id(1) }])).toEqual([]);
      expect(await store.answers([])).toEqual([]);
      const wanted = [
        { kind: 'closure', cause: id(1) },
        { kind: 'payout', cause: id(2) },
      ] as const;
      const read = await look(store, (tx) => tx.read(ALICE, { decisions: wanted }));
      expect(read.decisions).toEqual([closure]);
      const loads = await look(store, (tx) => tx.read(ALICE, { loadsFor: ['07'.repeat(32)] }));
      expect(loads.decisions).toEqual([load]);
      await expect(write(store, { answers: [{ ...answer, epoch: 2 }] })).rejects.toThrow(TAKEN);
      const partly = { facts: [fact(1)], decisions: [closure], letters: [message(1)] };
      await expect(write(store, partly)).rejects.toThrow(TAKEN);
      expect((await store.reports.facts('', 9)).rows).toEqual([]);
      expect(await store.outbox(9)).toEqual([]);
    }));
}
