import { type Bytes, receipt, restore, toHex } from '@tallystick/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Letter } from '../store/messages.ts';
import type { Store } from '../store/port.ts';
import { openPostgresStore } from '../store/postgres.ts';
import { MIGRATIONS } from '../store/postgres/migrations.ts';
import { ALICE, BOB, id, purse } from '../store/testing/rows.ts';
import { settle } from './deliver.ts';
import { readAnswer, type ScriptedPurse } from './testing/purse.ts';
import { World } from './testing/world.ts';

/** What a device whose trusted application is broken cannot do to others, or to the backend. */

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

/** The most that one payment can be. */
const MOST = 9_007_199_254_740_991n;

const stores: readonly (readonly [
  string,
  (work: (store: Store) => Promise<void>) => Promise<void>,
])[] = [
  ['in memory', (work) => work(createMemoryStore())],
  ['in PostgreSQL', (work) => server.withDatabase(async (db) => work(await openPostgresStore(db)))],
];

describe.each(stores)('%s', (_, withStore) => {
  test('a log that states one head at two positions is taken in, and holds back only itself', () =>
    withStore(async (store) => {
      const world = await new World(store).open();
      const mallory = await world.enrol('mallory');
      const at = (seq: number, head: Bytes) => ({ seq, head, paymentId: new Uint8Array(32) });
      mallory.seq = 6;
      mallory.head = new Uint8Array(32).fill(9);
      mallory.append(receipt.encode({ ...at(7, mallory.head), listVersion: 1 }), null);
      const [unfounded, after] = [mallory.kept.slice(-1), mallory.head];
      mallory.append(restore.encode(at(8, after)), null);
      const onTop = mallory.kept.slice(-1);
      mallory.kept = [];
      await world.bring(mallory.upload());
      mallory.seq = 19;
      mallory.head = after;
      mallory.kept = [...unfounded, ...onTop];
      await world.bring(mallory.upload());
      expect((await world.row(mallory)).provenSeq).toBe(0);
    }));

  test('everything that has settled is told, in as many answers as it takes', () =>
    withStore(async (store) => {
      const world = await new World(store).open();
      const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
      await world.load(alice, 1_000n);
      const paid = Array.from({ length: 600 }, () => alice.pay(bob, 1n));
      for (const each of paid) bob.accept(each);
      await world.sync(alice);
      await world.sync(bob);
      const told = async (isLost = false): Promise<readonly string[]> => {
        const { answer } = await world.take(alice.upload());
        if (!isLost) alice.answered(answer);
        return readAnswer(answer).settled.map(toHex);
      };
      const first = await told();
      expect(first).toHaveLength(256);
      // Its answer is lost: what it told comes again, and what was told before may.
      await told(true);
      const again = [...first, ...(await told()), ...(await told()), ...(await told())];
      expect(new Set(again)).toEqual(new Set(paid.map((each) => each.id)));
      expect(await told()).toEqual([]);
      bob.accept(alice.pay(bob, 1n));
      await world.sync(bob);
      expect(await told()).toHaveLength(1);
    }));
});

test('more money than 64 bits hold, signed for by two of them, is booked, and the payer convicted', () =>
  server.withDatabase(async (db) => {
    const world = await new World(await openPostgresStore(db)).open();
    const [payer, payee, alice] = [
      await world.enrol('payer'),
      await world.enrol('payee'),
      await world.enrol('alice'),
    ];
    for (let count = 0; count < 1_030; count++) payee.accept(payer.pay(payee, MOST));
    payee.balance = 0n;
    await world.take(payee.upload());
    expect(await world.float(payer)).toBe(-1_030n * MOST);
    expect(await world.float(payee)).toBe(1_030n * MOST);
    expect((await world.row(payer)).exposed).toBe(1_030n * MOST);
    // Its own log convicts it; the loss is as large.
    const clone = payer.copy();
    payer.pay(alice, 1n);
    clone.pay(payee, 1n);
    await world.take(payer.upload());
    await world.take(clone.upload());
    expect((await world.row(payer)).standing).toBe('culprit');
    expect(await world.supply()).toMatchObject({ balanced: true, loss: 1_030n * MOST + 2n });
  }));

test('entries that rest on nothing leave few gaps behind, however many there are', async () => {
  const world = await new World(createMemoryStore()).open();
  const mallory = await world.enrol('mallory');
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 500; count++) appendUnfounded(mallory);
    await world.bring(mallory.upload());
    mallory.kept = [];
  }
  const { gaps } = await world.store.transaction([mallory.id], (tx) =>
    tx.read(mallory.id, { gaps: true }),
  );
  expect(gaps).toHaveLength(256);
  expect(Math.min(...gaps.map(({ seq }) => seq))).toBe(1);
});

function appendUnfounded(purse: ScriptedPurse): void {
  const record = { seq: purse.seq + 1, head: purse.head, paymentId: new Uint8Array(32) };
  purse.append(receipt.encode({ ...record, listVersion: 1 }), null);
}

test('proofs that are brought again and again are looked at once', async () => {
  const world = await new World(createMemoryStore()).open();
  const [mallory, xavier] = [await world.enrol('mallory'), await world.enrol('xavier')];
  const [yvonne, dave] = [await world.enrol('yvonne'), await world.enrol('dave')];
  const clone = mallory.copy();
  xavier.accept(mallory.pay(xavier, 800n));
  yvonne.accept(clone.pay(yvonne, 900n));
  await world.take(xavier.upload());
  await world.take(yvonne.upload());
  const [proof] = (await world.store.reports.proofs('', 1)).rows;
  const upload = dave.upload(Array.from({ length: 8 }, () => proof?.wire ?? new Uint8Array()));
  await world.bring(upload);
  await world.settle();
  const { verified } = world;
  for (let count = 0; count < 3; count++) await world.bring(upload);
  expect(world.verified).toBe(verified);
  expect(await world.store.outbox(100)).toEqual([]);
});

test('unloads that come together are judged together', async () => {
  const store = createMemoryStore();
  let reads = 0;
  const counting: Store = {
    ...store,
    transaction: (purses, work) =>
      store.transaction(purses, (tx) =>
        work({
          ...tx,
          balances: async (purse) =>
            (await tx.balances(purse)).map((row) => ({
              ...row,
              get balance() {
                reads += 1;
                return row.balance;
              },
            })),
        }),
      ),
  };
  const world = await new World(counting).open();
  const alice = await world.enrol('alice');
  await world.load(alice, 1_000n);
  const unloads = Array.from({ length: 100 }, () => world.unload(alice, 10n));
  reads = 0;
  await world.sync(alice);
  expect(reads).toBeLessThan(unloads.length);
  for (const { id: payment } of unloads) {
    expect((await store.reports.payment(payment)).payer?.unload).toBe('paid');
  }
});

describe('whoever cannot be reached holds up nobody else', () => {
  const credit = (number: number, account: string): Letter => ({
    from: ALICE,
    to: 'rail',
    message: {
      kind: 'credit',
      payment: id(number),
      participant: 'ALFA',
      account,
      currency: 978,
      amount: 5n,
      cause: 'unload',
    },
  });

  /** Delivers, with a rail on which one account is closed; the accounts that were credited. */
  async function deliver(letters: readonly Letter[]): Promise<readonly string[]> {
    const store = createMemoryStore();
    const { context } = await new World(store).open();
    await store.transaction([ALICE, BOB], (tx) =>
      tx.write({ purses: [purse(ALICE), purse(BOB)], letters: letters.slice(0, -1) }),
    );
    await store.transaction([ALICE], (tx) => tx.write({ letters: letters.slice(-1) }));
    const credited: string[] = [];
    const settled = settle(context, async ({ account }) => {
      if (account === 'closed') throw new Error('the account is closed');
      credited.push(account);
    });
    await expect(settled).rejects.toThrow(/the account is closed|came before the payment/);
    const left = (await store.outbox(10_000)).flatMap((parcel) => parcel.letters);
    expect(left).toHaveLength(letters.length - credited.length);
    return credited.toSorted();
  }

  test('an account that the rail refuses', async () => {
    const letters = [
      credit(1, 'open'),
      credit(2, 'closed'),
      credit(3, 'open'),
      credit(4, 'closed'),
    ];
    expect(await deliver([...letters, credit(5, 'another')])).toEqual(['another', 'open', 'open']);
  });

  test('a purse with more letters than are read at once', async () => {
    const stuck = Array.from({ length: 5_000 }, (_, number): Letter => {
      const message = { kind: 'closed', payment: id(number), closure: Uint8Array.of(1) } as const;
      return { from: ALICE, to: BOB, message };
    });
    expect(await deliver([...stuck, credit(1, 'open')])).toEqual(['open']);
  });
});
