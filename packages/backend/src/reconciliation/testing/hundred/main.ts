/** Plays one history in a thousand orders, in memory and on PostgreSQL (`npm run order -- --help`). */
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { audit } from '../../../audit/index.ts';
import { migrate } from '../../../database/migrate.ts';
import { testServer } from '../../../database/testing.ts';
import { createMemoryStore } from '../../../store/memory.ts';
import type { Store } from '../../../store/port.ts';
import { openPostgresStore } from '../../../store/postgres.ts';
import { MIGRATIONS } from '../../../store/postgres/migrations.ts';
import { ledgerHash } from '../../ledger-hash.ts';
import { HUNDRED, type LongHistory, tellHistory } from './history.ts';
import { decideAll, playOrder } from './play.ts';

const HELP = `npm run order -- [--orders N] [--seed N] [--store memory|postgres|both] [--json]

Tells one history of a hundred devices, and brings it in N orders, each with other cuts, batches and
repetitions. Every order must give the same ledger hash, in memory and on PostgreSQL.
`;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string', default: 'both' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** So many orders are held against the audit as well: one in each. */
const AUDIT_EACH = 50;

interface Row {
  readonly store: string;
  readonly orders: number;
  readonly seconds: number;
  readonly hashes: readonly string[];
  readonly audited: number;
}

type WithStore = (use: (store: Store) => Promise<string>) => Promise<string>;

async function playAll(
  name: string,
  history: LongHistory,
  orders: number,
  withStore: WithStore,
): Promise<Row> {
  const startedMs = performance.now();
  const hashes = new Set<string>();
  let audited = 0;
  for (let order = 1; order <= orders; order++) {
    const hash = await withStore(async (store) => {
      const { context } = await playOrder(store, history, order);
      if (order % AUDIT_EACH === 0) {
        const { trust } = history.house.scheme;
        const { differences } = await audit({ store, trust, verifyMany: context.verifyMany });
        if (differences.length > 0) throw new Error(`order ${order}: ${differences.length} differ`);
        audited += 1;
      }
      return ledgerHash(store);
    });
    hashes.add(hash);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${name}: ${order} of ${orders}`);
    else if (order % 100 === 0) process.stderr.write(`${name}: ${order} of ${orders}\n`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  return { store: name, orders, seconds, hashes: [...hashes], audited };
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const orders = Number.parseInt(values.orders, 10);
  const history = await tellHistory(Number.parseInt(values.seed, 10), HUNDRED);
  const rows: Row[] = [];
  if (values.store !== 'postgres') {
    const inMemory: WithStore = async (use) => {
      const store = createMemoryStore();
      await decideAll(store, history);
      return use(store);
    };
    rows.push(await playAll('memory', history, orders, inMemory));
  }
  if (values.store !== 'memory') {
    const server = testServer<unknown>({
      prepare: async (db) => {
        await migrate(db, MIGRATIONS);
        // Nothing here is about what a crash of the machine leaves.
        await sql`alter role current_user set synchronous_commit = off`.execute(db);
        await decideAll(await openPostgresStore(db), history);
      },
    });
    const onPostgres: WithStore = (use) =>
      server.withDatabase(async (db) => use(await openPostgresStore(db)));
    try {
      rows.push(await playAll('postgres', history, orders, onPostgres));
    } finally {
      await server.stop();
    }
  }
  return report(history, rows);
}

function report(history: LongHistory, rows: readonly Row[]): number {
  const ok = new Set(rows.flatMap(({ hashes }) => hashes)).size === 1;
  const logs = history.logs.length;
  const entries = history.logs.reduce((sum, log) => sum + log.entries.length, 0);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ok, logs, entries, rows }, null, 2)}\n`);
    return ok ? 0 : 1;
  }
  process.stdout.write(`${logs} logs of 100 devices, ${entries} entries\n`);
  for (const { store, orders, seconds, hashes, audited } of rows) {
    const outcome = hashes.length === 1 ? `one ledger, ${hashes[0]}` : `${hashes.length} LEDGERS`;
    process.stdout.write(
      `${store}: ${orders} orders in ${seconds} s, ${audited} audited: ${outcome}\n`,
    );
  }
  if (!ok) process.stderr.write('order: the ledger depends on the order (INV-ORDER)\n');
  return ok ? 0 : 1;
}

process.exitCode = await main();
