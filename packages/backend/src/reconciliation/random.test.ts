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
import { supply } from './supply.ts';
import { Dice, randomHistory } from './testing/random-history.ts';
import type { World } from './testing/world.ts';

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

const SEEDS = Array.from({ length: 16 }, (_, index) => index + 1);

async function check(world: World, store: Store): Promise<void> {
  expect((await supply(store)).filter(({ balanced }) => !balanced)).toEqual([]);
  const { trust } = world.scheme;
  const report = await audit({ store, trust, verifyMany: world.context.verifyMany });
  expect(report.differences).toEqual([]);
}

/** Brings the story's uploads in an order of the dice, some twice, with messages now and then. */
async function tell(store: Store, seed: number, order: number): Promise<string> {
  const { world, uploads } = await randomHistory(store, seed);
  const dice = new Dice(seed * 1_000 + order);
  const again = uploads.filter(() => dice.roll(3) === 0);
  const bring = async (upload: Bytes): Promise<void> => {
    await world.bring(upload);
    if (dice.roll(2) === 0) await world.settle();
    if (dice.roll(6) === 0) await check(world, store);
  };
  for (const upload of dice.shuffle([...uploads, ...again])) await bring(upload);
  await world.settle();
  // What waits for grounds that came later is brought once more, as its purse would.
  for (const upload of uploads) await bring(upload);
  await world.settle();
  await check(world, store);
  return ledgerHash(store);
}

describe('a story drawn from a seed has one ledger, which the audit bears out', () => {
  test.each(SEEDS)('seed %i', async (seed) => {
    const hashes = new Set<string>();
    for (const order of [0, 1, 2]) hashes.add(await tell(createMemoryStore(), seed, order));
    expect(hashes.size).toBe(1);
  });

  test.each(SEEDS.slice(0, 3))('seed %i, in PostgreSQL too', async (seed) => {
    const wanted = await tell(createMemoryStore(), seed, 0);
    await server.withDatabase(async (db) => {
      expect(await tell(await openPostgresStore(db), seed, 1)).toBe(wanted);
    });
  });
});
