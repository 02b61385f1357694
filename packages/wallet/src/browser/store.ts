import { type Bytes, err, ok, type Result } from '@tallystick/protocol';
import { MirroredDatabase } from '@tallystick/tre/browser/mirrored';
import type { PendingStore } from '../pending-store.ts';

const VALUES = 'values';

/**
 * What a wallet keeps outside its purse, in an IndexedDB of this origin by that name, twice where the browser lets it
 * be. Every change is on the disk before it resolves; what the browser refuses is thrown, and the wallet makes it
 * STORE_FAILED. Fails with BUSY where another page has it open, and with STORAGE_FAILED where the browser keeps nothing.
 */
export async function openBrowserStore(name: string): Promise<Result<PendingStore>> {
  try {
    const database = await MirroredDatabase.open(name, [VALUES]);
    return database === null
      ? err('BUSY', `${name} is open in another page`)
      : ok(storeIn(database));
  } catch (error) {
    if (error instanceof DOMException) return err('STORAGE_FAILED', error.message);
    throw error;
  }
}

function storeIn(database: MirroredDatabase): PendingStore {
  return {
    put: (key, value) => {
      const kept = value.slice();
      return database.write((store) => store(VALUES).put(kept, key));
    },
    get: async (key) => bytesOf(await database.get(VALUES, key)),
    list: async (prefix) => {
      // Keys are short ASCII: nothing that starts like this comes after.
      const keys = await database.keys(VALUES, IDBKeyRange.bound(prefix, `${prefix}\uffff`));
      return keys.map(String);
    },
    remove: (key) => database.write((store) => store(VALUES).delete(key)),
  };
}

/** Whatever lies there: who may write to this origin's storage may have put anything. */
function bytesOf(found: unknown): Bytes | null {
  return found instanceof Uint8Array ? new Uint8Array(found) : null;
}
