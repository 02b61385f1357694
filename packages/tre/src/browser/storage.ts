import { type Bytes, err, type Result } from '@tallystick/protocol';
import { MirroredDatabase } from './mirrored.ts';

/** What one commit changes, all of it at once or nothing. */
export interface Change {
  /** The purse's state as it is kept. */
  readonly state: Bytes;
  /** The code of its image. */
  readonly code?: Bytes;
  /** Log entries with their positions. */
  readonly append?: readonly (readonly [seq: number, entry: Bytes])[];
  /** Entries before this position may be dropped. */
  readonly keepFrom?: number;
  readonly newKeys?: readonly (readonly [name: string, key: CryptoKey])[];
  /** Names of keys that others have replaced. */
  readonly oldKeys?: readonly string[];
}

/** What is kept, apart from log entries and keys. */
export interface Kept {
  readonly state: Bytes | null;
  /** Position of the last log entry; 0 where there is none. */
  readonly logEnd: number;
}

const PURSE = 'purse';
const LOG = 'log';
const KEYS = 'keys';
const STATE = 'state';
const CODE = 'code';

/** One purse in IndexedDB. Whatever belongs together is one write, which is on the disk before it is complete. */
export class Storage {
  readonly #database: MirroredDatabase;

  constructor(database: MirroredDatabase) {
    this.#database = database;
  }

  async read(): Promise<Kept> {
    const last = await this.#database.lastKey(LOG);
    const state = bytesOf(await this.#database.get(PURSE, STATE));
    return { state, logEnd: typeof last === 'number' ? last : 0 };
  }

  async code(): Promise<Bytes | null> {
    return bytesOf(await this.#database.get(PURSE, CODE));
  }

  async entry(seq: number): Promise<Bytes | null> {
    return bytesOf(await this.#database.get(LOG, seq));
  }

  async key(name: string): Promise<CryptoKey | null> {
    const found = await this.#database.get(KEYS, name);
    return found instanceof CryptoKey ? found : null;
  }

  /** Keeps a key that belongs to the place and not to a commit. */
  async keepKey(name: string, key: CryptoKey): Promise<void> {
    await this.#database.write((store) => store(KEYS).put(key, name));
  }

  async truncateLog(end: number): Promise<void> {
    await this.#database.write((store) => store(LOG).delete(IDBKeyRange.lowerBound(end, true)));
  }

  /** Makes a change durable. False where there is no room for it, and nothing has changed. */
  async commit(change: Change): Promise<boolean> {
    const { state, code, append = [], keepFrom = 0, newKeys = [], oldKeys = [] } = change;
    try {
      await this.#database.write((store) => {
        store(PURSE).put(state, STATE);
        if (code !== undefined) store(PURSE).put(code, CODE);
        for (const [seq, entry] of append) store(LOG).put(entry, seq);
        if (keepFrom > 0) store(LOG).delete(IDBKeyRange.upperBound(keepFrom, true));
        for (const [name, key] of newKeys) store(KEYS).put(key, name);
        for (const name of oldKeys) store(KEYS).delete(name);
      });
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') return false;
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

/**
 * Works on the storage of one purse, which nobody else may use meanwhile. Fails with BUSY where somebody does,
 * and with STORAGE_FAILED where the browser refuses.
 */
export async function inStorage<T>(
  name: string,
  work: (storage: Storage) => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    const database = await MirroredDatabase.open(name, [PURSE, LOG, KEYS]);
    if (database === null) return err('BUSY', `${name} is open already; close it there first`);
    return await work(new Storage(database));
  } catch (error) {
    if (error instanceof DOMException) return err('STORAGE_FAILED', error.message);
    throw error;
  }
}

/** Whatever lies there: who may write to this origin's storage may have put anything. */
function bytesOf(found: unknown): Bytes | null {
  return found instanceof Uint8Array ? new Uint8Array(found) : null;
}
