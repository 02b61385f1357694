import type { Bytes } from '@tallystick/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { audit } from '../audit/index.ts';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import { openPostgresStore } from '../store/postgres.ts';
import { MIGRATIONS } from '../store/postgres/migrations.ts';
import { ledgerHash } from './ledger-hash.ts';
import { refundAfter, refundNow, refunds, reportLost } from './testing/losing.ts';
import { permutations } from './testing/orders.ts';
import { Dice, randomHistory } from './testing/random-history.ts';
import { World } from './testing/world.ts';

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

interface Story {
  readonly world: World;
  readonly uploads: ReadonlyMap<string, Bytes>;
}

const NAMES = ['alice', 'bob', 'carol', 'dave'];

/**
 * Alice loses her purse after she has paid Bob and been paid by Carol, and Dave has voided; she finds
 * it again, and pays its rest back, when her refund has been made. Nobody has synced but Alice, once.
 */
async function lostHistory(store: Store): Promise<Story> {
  const world = await new World(store).open();
  const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob', 'BETA')];
  const [carol, dave] = [await world.enrol('carol'), await world.enrol('dave', 'BETA')];
  await world.load(alice, 1_000n);
  await world.load(carol, 200n);
  await world.sync(alice);
  bob.accept(alice.pay(bob, 300n));
  alice.accept(carol.pay(alice, 120n));
  const torn = alice.pay(dave, 40n);
  alice.restore(torn, dave.void(torn));
  dave.accept(bob.pay(dave, 100n));
  const report = await reportLost(world, alice);
  expect(await refundAfter(world, report)).toBe(1);
  expect(refunds(world)).toEqual([1_000n]);
  world.unload(alice, 820n);
  const purses = [alice, bob, carol, dave];
  return { world, uploads: new Map(purses.map((purse) => [purse.name, purse.upload()])) };
}

async function play({ world, uploads }: Story, order: readonly string[]): Promise<string> {
  for (const name of order) {
    const upload = uploads.get(name);
    if (upload === undefined) throw new Error(`${name} has no upload`);
    await world.take(upload);
    expect((await world.supply()).balanced).toBe(true);
  }
  const before = await ledgerHash(world.store);
  // The horizon has moved on with Alice's sync.
  world.now += 40 * 86_400;
  await refundNow(world);
  expect((await world.supply()).balanced).toBe(true);
  return `${before} ${await ledgerHash(world.store)}`;
}

async function auditOf({ store, scheme, context }: World): Promise<unknown> {
  const { trust } = scheme;
  return (await audit({ store, trust, verifyMany: context.verifyMany })).differences;
}

describe('what surfaces after a refund (INV-ORDER)', () => {
  test('gives one ledger in all 24 orders, also with repeats', async () => {
    const hashes = new Set<string>();
    for (const order of permutations(NAMES)) {
      const story = await lostHistory(createMemoryStore());
      hashes.add(await play(story, [...order, ...order.slice(0, 2)]));
      expect(await auditOf(story.world)).toEqual([]);
      expect(refunds(story.world)).toEqual([1_000n]);
    }
    expect(hashes.size).toBe(1);
  });

  test('gives the same ledger in PostgreSQL', async () => {
    const wanted = await play(await lostHistory(createMemoryStore()), NAMES);
    for (const order of [NAMES, NAMES.toReversed()]) {
      await server.withDatabase(async (db) => {
        const story = await lostHistory(await openPostgresStore(db));
        expect(await play(story, order)).toBe(wanted);
        expect(await auditOf(story.world)).toEqual([]);
      });
    }
  });
});

// Actors 0 and 1 cheat, 2 and 3 are honest; each is the one who loses the purse in two of them.
describe.each([1, 2, 3, 4, 5, 6, 7, 8])('a random history with a lost purse, seed %d', (seed) => {
  test('gives one ledger however it surfaces after the refund', async () => {
    const hashes = new Set<string>();
    for (let shuffle = 0; shuffle < 6; shuffle++) {
      const { world, uploads } = await randomHistory(createMemoryStore(), seed);
      const dice = new Dice(shuffle);
      const half = Math.floor(uploads.length / 2);
      for (const upload of uploads.slice(0, half)) await world.take(upload);
      const { rows } = await world.store.reports.purses('', 10);
      const lost = rows.find(({ account }) => account === `account of actor ${seed % 4}`);
      if (lost === undefined) throw new Error('nobody is lost');
      await refundAfter(world, await reportLost(world, lost));
      for (const upload of dice.shuffle(uploads.slice(half))) {
        await world.bring(upload);
        if (dice.roll(2) === 0) await world.settle();
        expect((await world.supply()).balanced).toBe(true);
      }
      await world.settle();
      world.now += 60 * 86_400;
      await refundNow(world);
      hashes.add(`${await ledgerHash(world.store)} ${refunds(world).join()}`);
      expect(await auditOf(world)).toEqual([]);
    }
    expect(hashes.size).toBe(1);
  });
});
