import type { Bytes } from '@tallystick/protocol';
import { rowKey } from './keys.ts';
import { createMemoryReports } from './memory/reports.ts';
import { createTables, type Tables } from './memory/tables.ts';
import { memoryTransaction } from './memory/transaction.ts';
import { Turns } from './memory/turns.ts';
import type { Documents, ListTransaction, Store } from './port.ts';

/**
 * A store that lives as long as its process: for the simulator and for tests. Transactions on one
 * purse take turns; what one has written is seen by nobody before it ends, and lost when it throws.
 */
export function createMemoryStore(): Store {
  const tables = createTables();
  const turns = new Turns();
  return {
    transaction: (purses, work) =>
      turns.take(purses, async () => {
        const { tx, commit } = memoryTransaction(tables, purses);
        const result = await work(tx);
        commit();
        return result;
      }),
    listing: (work) => turns.take(['list'], () => list(tables, work)),
    exclusive: (lock, work) => turns.take([`document ${lock}`], () => edit(tables, work)),
    certificates: async (refs) => refs.flatMap((ref) => tables.certificates.get(ref) ?? []),
    certificatesOf: async (purses) =>
      purses.flatMap((purse) => tables.certificatesOf.get(purse) ?? []),
    latestList: async () => tables.lists.at(-1) ?? null,
    outbox: async (limit) => [...tables.outbox.values()].slice(0, limit),
    acknowledge: async (rows) => {
      for (const { from, id } of rows) tables.outbox.delete(rowKey(from, id));
    },
    reports: createMemoryReports(tables),
    close: async () => {},
  };
}

async function list<T>(tables: Tables, work: (tx: ListTransaction) => Promise<T>): Promise<T> {
  const commits: (() => void)[] = [];
  const result = await work({
    latest: async () => tables.lists.at(-1) ?? null,
    publish: async (row, revocations, outbox) => {
      commits.push(() => {
        tables.lists.push(row);
        tables.addDecisions(revocations);
        tables.addMessages(outbox);
      });
    },
  });
  for (const commit of commits) commit();
  return result;
}

async function edit<T>(tables: Tables, work: (documents: Documents) => Promise<T>): Promise<T> {
  const pending = new Map<string, Bytes | null>();
  const result = await work({
    get: async (key) => {
      const own = pending.get(key);
      return own === undefined ? (tables.documents.get(key)?.slice() ?? null) : own;
    },
    put: async (key, value) => void pending.set(key, value.slice()),
    delete: async (key) => void pending.set(key, null),
    list: async (prefix, after, limit) => {
      const all = new Map<string, Bytes | null>([...tables.documents, ...pending]);
      return [...all]
        .flatMap(([key, value]) => (value === null ? [] : [{ key, value }]))
        .filter(({ key }) => key.startsWith(prefix) && key > after)
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, limit);
    },
  });
  for (const [key, value] of pending) {
    if (value === null) tables.documents.delete(key);
    else tables.documents.set(key, value);
  }
  return result;
}
