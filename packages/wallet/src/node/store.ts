import { DatabaseSync } from 'node:sqlite';
import { type Bytes, err, ok, type Result } from '@tallystick/protocol';
import type { PendingStore } from '../pending-store.ts';

/** Whoever has a store lets go of it with its process. */
export interface FileStore extends PendingStore {
  close(): void;
}

/** SQLite's result code for a file that somebody else has locked. */
const SQLITE_BUSY = 5;

/**
 * What a wallet keeps outside its purse, in a file (SQLite) that is made where there is none, in a folder that is there.
 * Every change is on the disk before it resolves; what the disk refuses is thrown, and the wallet makes it STORE_FAILED.
 * Fails with BUSY where somebody else has it open, and with STORAGE_FAILED where it cannot be opened, or is none.
 */
export function openFileStore(path: string): Result<FileStore> {
  try {
    const file = new DatabaseSync(path, { timeout: 0 });
    try {
      // The lock is taken by the first read, and kept; it ends with the process however that ends.
      file.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA; BEGIN EXCLUSIVE');
      file.exec(
        'CREATE TABLE IF NOT EXISTS pending (key TEXT PRIMARY KEY, value BLOB) STRICT; COMMIT',
      );
      return ok(storeIn(file));
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error)) throw error;
    return error.errcode === SQLITE_BUSY
      ? err('BUSY', `${path} is open already; close it there first`)
      : err('STORAGE_FAILED', `${path}: ${error.message}`);
  }
}

function storeIn(file: DatabaseSync): FileStore {
  const put = file.prepare('INSERT OR REPLACE INTO pending VALUES (?, ?)');
  const get = file.prepare('SELECT value FROM pending WHERE key = ?');
  const list = file.prepare('SELECT key FROM pending WHERE substr(key, 1, length(?1)) = ?1');
  const remove = file.prepare('DELETE FROM pending WHERE key = ?');
  return {
    put: async (key, value) => void put.run(key, value),
    get: async (key) => bytesOf(get.get(key)?.['value']),
    list: async (prefix) => list.all(prefix).map(({ key }) => String(key)),
    remove: async (key) => void remove.run(key),
    close: () => file.close(),
  };
}

/** Whatever lies there: who may write to the file may have put anything. */
function bytesOf(found: unknown): Bytes | null {
  return found instanceof Uint8Array ? new Uint8Array(found) : null;
}
