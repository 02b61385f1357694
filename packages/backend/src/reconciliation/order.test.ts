import { afterAll, describe, expect, test } from 'vitest';
import { connect } from '../database/connect.ts';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import { createMemoryStore } from '../store/memory.ts';
import { openPostgresStore } from '../store/postgres.ts';
import { MIGRATIONS } from '../store/postgres/migrations.ts';
import { ledgerHash } from './ledger-hash.ts';
import { closedHistory, crookedHistory, forkedHistory, type History } from './testing/histories.ts';
import { permutations } from './testing/orders.ts';

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

type Plan = readonly { readonly name: string; readonly at: number; readonly settle: boolean }[];

async function play({ world, uploads }: History, plan: Plan): Promise<string> {
  for (const { name, at, settle } of plan) {
    const upload = uploads.get(name)?.at(at);
    if (upload === undefined) throw new Error(`${name} has no upload ${at}`);
    const { refused } = await world.bring(upload);
    expect(refused).toEqual([]);
    if (settle) await world.settle();
    expect((await world.supply()).balanced).toBe(true);
  }
  await world.settle();
  return ledgerHash(world.store);
}

const last = (name: string): Plan[number] => ({ name, at: -1, settle: true });
const late = (name: string, at = -1): Plan[number] => ({ name, at, settle: false });

/** Other ways to bring the same: in parts, in reverse, repeated, and with messages held back. */
const BATCHINGS: readonly (readonly [string, Plan])[] = [
  ['in two uploads each', [last('dave'), ...['bob', 'alice', 'carol'].flatMap(inParts)]],
  [
    'with the parts in reverse',
    ['carol', 'alice', 'bob', 'dave'].flatMap((n) => inParts(n).toReversed()),
  ],
  ['each one twice', ['bob', 'dave', 'alice', 'carol'].flatMap((name) => [last(name), last(name)])],
  ['and all again at the end', 'dave carol bob alice dave carol bob alice'.split(' ').map(last)],
  [
    'with messages held back to the end',
    ['carol', 'bob', 'dave', 'alice'].map((name) => late(name)),
  ],
];

function inParts(name: string): Plan {
  return name === 'dave' ? [last(name)] : [late(name, 0), last(name)];
}

const CLOSED = permutations(['alice', 'bob', 'carol', 'dave']);

describe('a closed history of four purses (INV-ORDER)', () => {
  test('gives one ledger in all 24 orders and other batchings', async () => {
    const hashes = new Set<string>();
    const plans = [...CLOSED.map((order) => order.map(last)), ...BATCHINGS.map(([, plan]) => plan)];
    for (const plan of plans) {
      const history = await closedHistory(createMemoryStore());
      hashes.add(await play(history, plan));
      expect(await history.world.supply()).toMatchObject({
        reserve: 0n,
        balances: 0n,
        inFlight: 0n,
      });
      const paid = new Set(history.world.credits.map(({ amount }) => amount));
      expect(paid).toEqual(new Set([499n, 350n, 1n, 200n]));
      expect(history.world.credits).toHaveLength(4);
    }
    expect(plans).toHaveLength(29);
    expect(hashes.size).toBe(1);
  });

  test('gives the same ledger in PostgreSQL', async () => {
    const wanted = await play(await closedHistory(createMemoryStore()), CLOSED[0]?.map(last) ?? []);
    const plans = [...CLOSED.map((order) => order.map(last)), ...BATCHINGS.map(([, plan]) => plan)];
    expect(plans).toHaveLength(29);
    for (const plan of plans) {
      await server.withDatabase(async (db) => {
        expect(await play(await closedHistory(await openPostgresStore(db)), plan)).toBe(wanted);
      });
    }
  }, 600_000);

  test('is told apart from one that ends otherwise', async () => {
    const whole = await play(await closedHistory(createMemoryStore()), CLOSED[0]?.map(last) ?? []);
    const without = await play(await closedHistory(createMemoryStore()), [
      last('alice'),
      last('bob'),
    ]);
    expect(without).not.toBe(whole);
  });
});

test('no transaction needs a second connection, which others might be holding', async () => {
  const store = await openPostgresStore(
    await connect(await server.createDatabase(), { maxConnections: 1 }),
  );
  const world = await crookedHistory(store);
  expect((await world.supply()).balanced).toBe(true);
  await store.close();
});

describe('a double spend (INV-ORDER)', () => {
  const orders = permutations(['mallory', 'xavier', 'yvonne', 'zoe']);
  const plans: Plan[] = orders.map((order, index) =>
    order.flatMap((name) => {
      const settle = index % 2 === 0;
      return name === 'mallory'
        ? [
            { name, at: index % 2, settle },
            { name, at: 1 - (index % 2), settle },
          ]
        : [{ name, at: 0, settle }];
    }),
  );

  test('has one ledger, loss and culprit in every order', async () => {
    const hashes = new Set<string>();
    for (const plan of plans) {
      const history = await forkedHistory(createMemoryStore());
      hashes.add(await play(history, plan));
      expect(await history.world.supply()).toMatchObject({
        reserve: 1_000n,
        loss: 730n,
        balances: 1_730n,
        inFlight: 0n,
      });
    }
    expect(hashes.size).toBe(1);
  });

  test('has the same in PostgreSQL', async () => {
    const wanted = await play(await forkedHistory(createMemoryStore()), plans[0] ?? []);
    for (const plan of plans.filter((_, index) => index % 7 === 0)) {
      await server.withDatabase(async (db) => {
        expect(await play(await forkedHistory(await openPostgresStore(db)), plan)).toBe(wanted);
      });
    }
  });
});
