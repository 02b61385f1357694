import { toHex } from '@tallystick/protocol';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import {
  closedHistory,
  crookedHistory,
  forkedHistory,
} from '../reconciliation/testing/histories.ts';
import { World } from '../reconciliation/testing/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import type { PurseRow } from '../store/rows.ts';
import { packPostings, unpackPostings } from '../store/postgres/posting-lines.ts';
import { openPostgresStore } from '../store/postgres.ts';
import { MIGRATIONS } from '../store/postgres/migrations.ts';
import { audit } from './index.ts';
import { auditOf } from './testing/audit-of.ts';
import { crooked } from './testing/crooked.ts';
import { type Paged, tampered } from './testing/tamper.ts';

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

async function played(
  make: typeof closedHistory,
  store: Store,
  names: readonly string[],
): Promise<World> {
  const { world, uploads } = await make(store);
  for (const name of names) {
    for (const upload of uploads.get(name)?.toReversed() ?? []) await world.take(upload);
  }
  return world;
}

const HISTORIES: readonly (readonly [string, (store: Store) => Promise<World>])[] = [
  ['nothing at all', (store) => new World(store).open()],
  ['a closed history', (store) => played(closedHistory, store, ['dave', 'carol', 'bob', 'alice'])],
  ['half of a closed history', (store) => played(closedHistory, store, ['dave', 'bob'])],
  [
    'a double spend',
    (store) => played(forkedHistory, store, ['zoe', 'mallory', 'yvonne', 'xavier']),
  ],
  [
    'a double spend whose culprit is away',
    (store) => played(forkedHistory, store, ['xavier', 'zoe']),
  ],
  ['everything that can go wrong', crookedHistory],
];

describe('the audit agrees with', () => {
  test.each(HISTORIES)('%s, in memory and in PostgreSQL', async (_name, make) => {
    const world = await make(createMemoryStore());
    const report = await auditOf(world);
    expect(report.differences).toEqual([]);
    expect(report).toMatchObject({ agrees: true, undelivered: 0 });
    await server.withDatabase(async (db) => {
      expect(await auditOf(await make(await openPostgresStore(db)))).toEqual(report);
    });
  });

  test('a ledger whose messages are still under way, and counts them', async () => {
    const { world, uploads } = await forkedHistory(createMemoryStore());
    for (const name of ['xavier', 'mallory', 'zoe', 'yvonne']) {
      for (const upload of uploads.get(name) ?? []) {
        await world.bring(upload);
        const report = await auditOf(world);
        expect(report.differences).toEqual([]);
        expect(report.undelivered).toBeGreaterThan(0);
      }
    }
    await world.settle();
    expect(await auditOf(world)).toMatchObject({ agrees: true, undelivered: 0 });
  });

  test('what it has seen, by counting it', async () => {
    const report = await auditOf(await crooked());
    expect(report.purses).toBe(4);
    expect(report.payments).toBe(14);
    expect(report.facts).toBeGreaterThan(40);
    expect(report.signatures).toBeGreaterThan(30);
  });
});

test('the audit tells how far it is, facts first and then purses', async () => {
  const { scheme, store, context } = await crooked();
  const told: (readonly [number, number])[] = [];
  const { facts, purses } = await audit({
    store,
    trust: scheme.trust,
    verifyMany: context.verifyMany,
    rowsAtOnce: 2,
    progress: (done) => told.push([done.facts, done.purses]),
  });
  expect(told.length).toBeGreaterThan(2 * purses - 2);
  expect(told).toEqual(told.toSorted(([a, b], [c, d]) => a - c || b - d));
  expect(told.at(-1)).toEqual([facts, purses]);
});

/** A change by hand to one row, and what the audit says of it. */
interface Forgery<K extends Paged> {
  readonly report: K;
  readonly change: Parameters<typeof tampered<K>>[2];
  readonly finds: readonly string[];
}

function forgery<K extends Paged>(
  report: K,
  change: Forgery<K>['change'],
  ...finds: readonly string[]
): Forgery<Paged> {
  return { report, change, finds } as unknown as Forgery<Paged>;
}

/** Changes the first row that a condition picks. */
function once<R>(
  pick: (row: R) => boolean,
  change: (row: R) => readonly R[],
): (row: R) => readonly R[] {
  let isDone = false;
  return (row) => {
    if (isDone || !pick(row)) return [row];
    isDone = true;
    return change(row);
  };
}

const any = (): boolean => true;
/** Removes the first row. */
function firstGone<R>(): (row: R, index: number) => readonly R[] {
  return (row, index) => (index === 0 ? [] : [row]);
}

const FORGERIES: Readonly<Record<string, () => Forgery<Paged>>> = {
  'a balance raised': () =>
    forgery(
      'balances',
      once(
        ({ account }) => account === 'float',
        (row) => [{ ...row, balance: row.balance - 1n }],
      ),
      'balance',
      'supply',
    ),
  'two balances shifted, so that the sum still holds': () =>
    forgery(
      'balances',
      (row) =>
        row.account === 'float' || row.account === 'inFlight'
          ? [{ ...row, balance: row.balance + (row.account === 'float' ? -5n : 5n) }]
          : [row],
      'balance',
    ),
  'a balance removed': () => forgery('balances', firstGone(), 'balance', 'supply'),
  'a posting raised': () =>
    forgery(
      'postings',
      once(any, (row) => [{ ...row, amount: row.amount + 1n }]),
      'posting',
      'balance',
    ),
  'a posting removed': () => forgery('postings', firstGone(), 'posting', 'balance'),
  'a posting twice': () =>
    forgery(
      'postings',
      once(any, (row) => [row, row]),
      'posting',
      'balance',
    ),
  'a posting turned round': () =>
    forgery(
      'postings',
      once(any, (row) => [{ ...row, debit: row.credit, credit: row.debit }]),
      'posting',
      'balance',
    ),
  'a payer half of another amount': () =>
    forgery(
      'payerHalves',
      once(any, (row) => [{ ...row, amount: row.amount + 1n }]),
      'payerHalf',
    ),
  'a payer half restored': () =>
    forgery(
      'payerHalves',
      once(
        ({ restored }) => !restored,
        (row) => [{ ...row, restored: true }],
      ),
      'payerHalf',
    ),
  'a payer half redeemed': () =>
    forgery(
      'payerHalves',
      once(
        ({ unload }) => unload === 'frozen',
        (row) => [{ ...row, unload: 'paid' }],
      ),
      'payerHalf',
    ),
  'a payer half removed': () => forgery('payerHalves', firstGone(), 'payerHalf'),
  'a payer half made up': () =>
    forgery(
      'payerHalves',
      once(any, (row) => [row, { ...row, payment: 'ff'.repeat(32) }]),
      'payerHalf',
    ),
  'a payee half accepted': () =>
    forgery(
      'payeeHalves',
      once(
        ({ credited }) => !credited,
        (row) => [{ ...row, receiptVersion: 1, credited: true }],
      ),
      'payeeHalf',
    ),
  'a payee half without its void': () =>
    forgery(
      'payeeHalves',
      once(
        ({ voided }) => voided,
        (row) => [{ ...row, voided: false }],
      ),
      'payeeHalf',
    ),
  'a payee half made up': () =>
    forgery(
      'payeeHalves',
      once(any, (row) => [row, { ...row, payment: 'ff'.repeat(32) }]),
      'payeeHalf',
    ),
  'a payee half removed': () => forgery('payeeHalves', firstGone(), 'payeeHalf'),
  'a culprit called sound': () =>
    forgery(
      'purses',
      once(isCulprit, (row) => [{ ...row, standing: 'sound' }]),
      'standing',
    ),
  'an honest purse called a culprit': () =>
    forgery(
      'purses',
      once(
        (row) => !isCulprit(row),
        (row) => [{ ...row, standing: 'culprit' }],
      ),
      'standing',
    ),
  'a purse less exposed': () =>
    forgery(
      'purses',
      once(isCulprit, (row) => [{ ...row, exposed: row.exposed - 1n }]),
      'standing',
    ),
  'a proof removed': () => forgery('proofs', () => [], 'standing', 'posting'),
  'a proof of somebody else': () =>
    forgery(
      'proofs',
      (row) => [{ ...row, wire: row.wire.map((byte, at) => (at === 90 ? byte ^ 1 : byte)) }],
      'proof',
      'standing',
      'posting',
    ),
  'a fact with another payload': () =>
    forgery(
      'facts',
      once(any, (row) => [{ ...row, payload: Uint8Array.of(...row.payload.slice(0, -1), 0) }]),
      'fact',
    ),
  'a fact with another signature': () =>
    forgery(
      'facts',
      once(
        ({ signature }) => signature !== null,
        (row) => [{ ...row, signature: new Uint8Array(64).fill(1) }],
      ),
      'fact',
    ),
  'a fact moved to another purse': () =>
    forgery(
      'facts',
      once(
        ({ kind }) => kind === 2,
        (row) => [{ ...row, purse: '00'.repeat(8) }],
      ),
      'fact',
    ),
  'a statement removed': () => forgery('facts', (row) => (row.kind === 8 ? [] : [row]), 'coverage'),
  'a receipt with evidence of another payment': () =>
    forgery(
      'facts',
      once(
        ({ kind }) => kind === 3,
        (row) => [{ ...row, evidence: null }],
      ),
      'evidence',
    ),
  'a load removed': () =>
    forgery(
      'decisions',
      (row) => (row.kind === 'load' ? [] : [row]),
      'payeeHalf',
      'posting',
      'decision',
    ),
  'a closure removed': () =>
    forgery('decisions', (row) => (row.kind === 'closure' ? [] : [row]), 'payerHalf', 'payeeHalf'),
  'a closure of another payment': () =>
    forgery(
      'decisions',
      once(
        ({ kind }) => kind === 'closure',
        (row) => [{ ...row, wire: Uint8Array.of(0x80) }],
      ),
      'decision',
    ),
  'a payout made up': () =>
    forgery(
      'decisions',
      (row) => (row.kind === 'load' ? [row, { ...row, kind: 'payout' as const }] : [row]),
      'decision',
      'posting',
    ),
  'a revocation removed': () =>
    forgery('decisions', (row) => (row.kind === 'revocation' ? [] : [row]), 'payeeHalf', 'posting'),
};

function isCulprit({ standing }: PurseRow): boolean {
  return standing === 'culprit';
}

describe('the audit finds', () => {
  test.each(Object.entries(FORGERIES))('%s', async (_name, make) => {
    const world = await crooked();
    const { report, change, finds } = make();
    const { agrees, differences } = await auditOf(world, tampered(world.store, report, change));
    expect(agrees).toBe(false);
    const subjects = differences.map(({ subject }) => subject);
    for (const subject of finds) expect(subjects).toContain(subject);
  });

  test('what somebody changed in the database itself, by name', () =>
    server.withDatabase(async (db) => {
      const world = await played(closedHistory, await openPostgresStore(db), ['alice', 'dave']);
      await sql`update balance set balance = balance - 300 where account = 'float'
        and purse = (select min(purse) from balance)`.execute(db);
      const { differences } = await auditOf(world);
      const found = differences.find(({ subject }) => subject === 'balance');
      expect(found?.name).toMatch(/^float of (ALFA|BETA) in 978$/);
      expect(BigInt(found?.computed ?? 0) - BigInt(found?.stored ?? 0)).toBe(300n);
    }));

  test('a posting that its owner changed in spite of the lock on it', () =>
    server.withDatabase(async (db) => {
      const world = await played(closedHistory, await openPostgresStore(db), ['alice', 'dave']);
      await sql`alter table journal disable trigger user`.execute(db);
      const { rows } = await sql<{ purse: Uint8Array; number: bigint; postings: Uint8Array }>`
        select purse, number, postings from journal where postings is not null`.execute(db);
      for (const { purse, number, postings } of rows) {
        const lines = unpackPostings(toHex(purse), postings).map((row) =>
          row.kind === 'debit' ? { ...row, amount: row.amount + 1n } : row,
        );
        await sql`update journal set postings = ${packPostings(lines)}
          where purse = ${purse} and number = ${number}`.execute(db);
      }
      const subjects = (await auditOf(world)).differences.map(({ subject }) => subject);
      expect(subjects).toContain('posting');
      expect(subjects).toContain('balance');
    }));
});
