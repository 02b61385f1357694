import type { Bytes } from '@tallystick/protocol';
import { createMemoryReports } from './memory/reports.ts';
import { createTables, type Tables } from './memory/tables.ts';
import { memoryTransaction } from './memory/transaction.ts';
import { Turns } from './memory/turns.ts';
import type { Parcel } from './messages.ts';
import type { Documents, ListTransaction, Store, View } from './port.ts';

/** The lock that is held while changes are put in place, and while somebody looks. */
const COMMIT = ['commit'];

/**
 * A store that lives as long as its process: for the simulator and for tests. Transactions on one
 * purse take turns; what one has written is seen by nobody before it ends, and lost when it throws.
 */
export function createMemoryStore(): Store {
  const tables = createTables();
  const turns = new Turns();
  const view = viewOf(tables);
  return {
    ...view,
    // Nothing is put in place while somebody looks.
    view: (work) => turns.take(COMMIT, () => work(view)),
    transaction: (purses, work) =>
      turns.take(purses, async () => {
        const { tx, commit } = memoryTransaction(tables, view, purses);
        const result = await work(tx);
        await turns.take(COMMIT, async () => commit());
        return result;
      }),
    listing: (work) =>
      turns.take(['list'], async () => {
        const { tx, commit } = memoryListing(tables, view);
        const result = await work(tx);
        await turns.take(COMMIT, async () => commit());
        return result;
      }),
    exclusive: (lock, work) => turns.take([`document ${lock}`], () => edit(tables, work)),
    acknowledge: (parcels) =>
      turns.take(COMMIT, async () => {
        for (const { position, letters } of parcels) {
          if (letters.length === 0) tables.outbox.delete(position);
          else tables.outbox.set(position, { position, letters });
        }
      }),
    close: async () => {},
  };
}

function viewOf(tables: Tables): View {
  return {
    certificates: async (refs) =>
      [...new Set(refs)].flatMap((ref) => tables.certificates.get(ref) ?? []),
    certificatesOf: async (purses) =>
      purses.flatMap((purse) => tables.certificatesOf.get(purse) ?? []),
    answers: async (to) =>
      to.flatMap(({ purse, statement }) => tables.shards.get(purse)?.answers.get(statement) ?? []),
    latestList: async () => tables.lists.at(-1) ?? null,
    lists: async (versions) => tables.lists.filter(({ version }) => versions.includes(version)),
    revokedSince: async (version, limit) => tables.revokedSince(version).slice(0, limit),
    outbox: async (limit, after = 0n) =>
      upTo(
        limit,
        [...tables.outbox.values()].filter(({ position }) => position > after),
      ),
    reports: createMemoryReports(tables),
  };
}

/** The first parcel, and those after it while they all hold at most `limit` letters. */
function upTo(limit: number, parcels: readonly Parcel[]): readonly Parcel[] {
  let letters = 0;
  const past = parcels.findIndex((parcel, index) => {
    letters += parcel.letters.length;
    return index > 0 && letters > limit;
  });
  return past < 0 ? parcels : parcels.slice(0, past);
}

function memoryListing(tables: Tables, view: View): { tx: ListTransaction; commit: () => void } {
  const pending: Parameters<ListTransaction['publish']>[] = [];
  const tx: ListTransaction = {
    certificatesOf: (purses) => view.certificatesOf(purses),
    latest: async () => tables.lists.at(-1) ?? null,
    publish: async (...all) => void pending.push(all),
  };
  const commit = (): void => {
    for (const [list, revocations, letters] of pending) {
      tables.lists.push(list);
      tables.addDecisions(revocations);
      tables.addParcel(letters);
    }
  };
  return { tx, commit };
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
