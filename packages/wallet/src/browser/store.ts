import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Bytes } from '@tallystick/protocol';
import type { PendingStore } from '../pending-store.ts';

const VALUES = 'values';
const VERSION = 1;

interface Schema extends DBSchema {
  readonly [VALUES]: { key: string; value: Bytes };
}

/**
 * What a wallet keeps outside its purse, in an IndexedDB of this origin by that name. Every change is one
 * transaction, on the disk before it resolves. Whatever the browser refuses is thrown: the wallet makes it
 * STORE_FAILED.
 */
export async function openBrowserStore(name: string): Promise<PendingStore> {
  // Browsers end connections of pages that were long in the background; the next use opens another.
  const forget = (): void => {
    open = null;
  };
  let open: Promise<Database> | null = openDatabase(name, forget);
  const database = (): Promise<Database> => (open ??= openDatabase(name, forget));
  await database();
  return {
    put: async (key, value) => write(await database(), (store) => store.put(value.slice(), key)),
    get: async (key) => bytesOf(await (await database()).get(VALUES, key)),
    list: async (prefix) => {
      // Keys are short ASCII: nothing that starts like this comes after.
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      return (await database()).getAllKeys(VALUES, range);
    },
    remove: async (key) => write(await database(), (store) => store.delete(key)),
  };
}

type Database = IDBPDatabase<Schema>;

function openDatabase(name: string, terminated: () => void): Promise<Database> {
  return openDB<Schema>(name, VERSION, {
    upgrade: (made) => {
      made.createObjectStore(VALUES);
    },
    // Whoever removes it, or has a newer one, is not kept waiting: from here on every use throws.
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
    terminated,
  });
}

interface Writable {
  put(value: Bytes, key: string): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

async function write(
  database: Database,
  change: (store: Writable) => Promise<unknown>,
): Promise<void> {
  const writing = database.transaction(VALUES, 'readwrite', { durability: 'strict' });
  // Both are awaited, since a failed change rejects both.
  await Promise.all([change(writing.store), writing.done]);
}

/** Whatever lies there: who may write to this origin's storage may have put anything. */
function bytesOf(found: unknown): Bytes | null {
  return found instanceof Uint8Array ? new Uint8Array(found) : null;
}
