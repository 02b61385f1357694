import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../audit/index.ts';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Changes, Store } from '../store/port.ts';
import { openPostgresStore } from '../store/postgres.ts';
import { MIGRATIONS } from '../store/postgres/migrations.ts';
import { payeeState, payerState } from './halves.ts';
import { ledgerHash } from './ledger-hash.ts';
import { supply } from './supply.ts';
import { HUNDRED, type LongHistory, tellHistory } from './testing/hundred/history.ts';
import { decideAll, playOrder } from './testing/hundred/play.ts';

/** Of a thousand, which `npm run order` plays on both stores. */
const IN_MEMORY = 40;
const IN_POSTGRES = 24;
/** As many as tell a store with a flaw from one without. */
const FLAWED = 4;

let history: LongHistory;
let wanted = '';
beforeAll(async () => {
  history = await tellHistory(1, HUNDRED);
  wanted = await hashOf(createMemoryStore(), 0);
});

const server = testServer<unknown>({
  prepare: async (db) => {
    await migrate(db, MIGRATIONS);
    // Nothing here is about what a crash of the machine leaves.
    await sql`alter role current_user set synchronous_commit = off`.execute(db);
    await decideAll(await openPostgresStore(db), history);
  },
});
afterAll(() => server.stop());

async function hashOf(store: Store, order: number): Promise<string> {
  await decideAll(store, history);
  await playOrder(store, history, order);
  return ledgerHash(store);
}

const count = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(words, (word) => word)].map(([word, of]) => [word, of.length]),
  );

describe('a history of a hundred devices (INV-ORDER)', () => {
  test('has everything in it that can happen, and the audit bears it out', async () => {
    const store = createMemoryStore();
    await decideAll(store, history);
    const { context, credits } = await playOrder(store, history, 1);
    const payers = (await store.reports.payerHalves('', 10_000)).rows;
    const payees = (await store.reports.payeeHalves('', 10_000)).rows;
    const purses = (await store.reports.purses('', 10_000)).rows;
    expect(purses).toHaveLength(100);
    const found = [
      count(payers.map(payerState)),
      count(payees.map(payeeState)),
      count(purses.map(({ standing }) => standing)),
    ];
    expect(found).toEqual([
      expect.objectContaining(some('open accepted voided closed restored redeemed')),
      expect.objectContaining(some('expected accepted voided closed misaddressed afterRevocation')),
      expect.objectContaining(some('sound culprit suspect')),
    ]);
    expect(Math.max(...payees.map(({ hop }) => hop))).toBeGreaterThan(3);
    expect(new Set(payees.map(({ currency }) => currency)).size).toBe(2);
    expect(new Set(credits.map(({ cause }) => cause))).toEqual(new Set(['unload', 'loadReturn']));
    const sums = await supply(store);
    expect(sums.filter(({ balanced }) => !balanced)).toEqual([]);
    expect(sums.some(({ loss, position }) => loss > 0n || position > 0n)).toBe(true);
    const { trust } = history.house.scheme;
    const { differences } = await audit({ store, trust, verifyMany: context.verifyMany });
    expect(differences).toEqual([]);
  });

  test(`has one ledger in ${IN_MEMORY} orders, cuts and batchings in memory`, async () => {
    for (let order = 1; order <= IN_MEMORY; order++) {
      expect([order, await hashOf(createMemoryStore(), order)]).toEqual([order, wanted]);
    }
  }, 600_000);

  test(`has the same in ${IN_POSTGRES} of them in PostgreSQL`, async () => {
    for (let order = 1; order <= IN_POSTGRES; order++) {
      const hash = await server.withDatabase(async (db) => {
        const store = await openPostgresStore(db);
        await playOrder(store, history, order);
        return ledgerHash(store);
      });
      expect([order, hash]).toEqual([order, wanted]);
    }
  }, 600_000);
});

function some(words: string): Record<string, unknown> {
  return Object.fromEntries(words.split(' ').map((word) => [word, expect.any(Number)]));
}

/** A store that writes otherwise than it is told. */
type Flaw = (store: Store, changes: Changes) => Promise<Changes>;

const FLAWS: readonly (readonly [string, Flaw])[] = [
  [
    'forgets a void that comes after its receipt was booked',
    async (store, changes) => {
      const { rows } = await store.reports.payeeHalves('', 100_000);
      const booked = new Set(rows.flatMap((half) => (half.credited ? half.payment : [])));
      const payeeHalves = (changes.payeeHalves ?? []).map((half) =>
        booked.has(half.payment) ? { ...half, voided: false, credited: true } : half,
      );
      const postings = (changes.postings ?? []).filter(({ cause }) => !booked.has(cause));
      return { ...changes, payeeHalves, postings };
    },
  ],
  [
    'does not credit who brings a payment after its payer was convicted',
    async (store, changes) => {
      const { rows } = await store.reports.purses('', 10_000);
      const culprits = new Set(rows.flatMap((row) => (row.standing === 'culprit' ? row.id : [])));
      const late = new Set(
        (changes.payeeHalves ?? []).flatMap(({ payerPurse, payment }) =>
          payerPurse !== null && culprits.has(payerPurse) ? payment : [],
        ),
      );
      const postings = (changes.postings ?? []).filter(({ cause }) => !late.has(cause));
      return { ...changes, postings };
    },
  ],
];

/** The store with a flaw in whatever it writes after it has been told the decisions. */
function flawed(store: Store, flaw: Flaw): Store {
  return {
    ...store,
    transaction: (purses, work) =>
      store.transaction(purses, (tx) =>
        work({
          ...tx,
          write: async (...all) => {
            const changed: Changes[] = [];
            for (const changes of all) changed.push(await flaw(store, changes));
            await tx.write(...changed);
          },
        }),
      ),
  };
}

describe('a seeded dependence on order is seen', () => {
  test.each(FLAWS)('in a store that %s', async (_, flaw) => {
    const hashes = new Set<string>();
    for (let order = 1; order <= FLAWED; order++) {
      const store = createMemoryStore();
      await decideAll(store, history);
      await playOrder(flawed(store, flaw), history, order);
      hashes.add(await ledgerHash(store));
    }
    expect(hashes.size).toBeGreaterThan(1);
  });
});
