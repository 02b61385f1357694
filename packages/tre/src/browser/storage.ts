import { type Bytes, err, type Result } from '@tallystick/protocol';
import { within } from '../within.ts';
import { type Release, takeLock } from './lock.ts';

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
const VERSION = 1;
/** A database that is not open by then is not opened any more. */
const PATIENCE_MS = 30_000;

/**
 * One purse in IndexedDB, and the lock that keeps others from it. Whatever belongs together is one transaction,
 * which is on the disk before it is complete (`durability: 'strict'`).
 */
export class Storage {
  readonly #database: IDBDatabase;
  readonly #release: Release;

  constructor(database: IDBDatabase, release: Release) {
    this.#database = database;
    this.#release = release;
  }

  async read(): Promise<Kept> {
    const reading = this.#database.transaction([PURSE, LOG], 'readonly');
    const state = answerOf(reading.objectStore(PURSE).get(STATE));
    const last = answerOf(reading.objectStore(LOG).openKeyCursor(null, 'prev'));
    const key = (await last)?.key;
    return { state: bytesOf(await state), logEnd: typeof key === 'number' ? key : 0 };
  }

  async code(): Promise<Bytes | null> {
    return bytesOf(await this.#get(PURSE, CODE));
  }

  async entry(seq: number): Promise<Bytes | null> {
    return bytesOf(await this.#get(LOG, seq));
  }

  async key(name: string): Promise<CryptoKey | null> {
    const found = await this.#get(KEYS, name);
    return found instanceof CryptoKey ? found : null;
  }

  /** Keeps a key that belongs to the place and not to a commit. */
  async keepKey(name: string, key: CryptoKey): Promise<void> {
    await this.#write((store) => store(KEYS).put(key, name));
  }

  async truncateLog(end: number): Promise<void> {
    await this.#write((store) => store(LOG).delete(IDBKeyRange.lowerBound(end, true)));
  }

  /** Makes a change durable. False where there is no room for it, and nothing has changed. */
  async commit(change: Change): Promise<boolean> {
    const { state, code, append = [], keepFrom = 0, newKeys = [], oldKeys = [] } = change;
    try {
      await this.#write((store) => {
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
    this.#release();
  }

  #get(store: string, key: IDBValidKey): Promise<unknown> {
    const reading = this.#database.transaction(store, 'readonly');
    return answerOf<unknown>(reading.objectStore(store).get(key));
  }

  #write(change: (store: (name: string) => IDBObjectStore) => void): Promise<void> {
    const stores = [PURSE, LOG, KEYS];
    const writing = this.#database.transaction(stores, 'readwrite', { durability: 'strict' });
    return new Promise((resolve, reject) => {
      writing.addEventListener('complete', () => resolve());
      writing.addEventListener('abort', () => {
        reject(writing.error ?? new Error('a commit was given up'));
      });
      change((name) => writing.objectStore(name));
    });
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
    const release = await takeLock(name);
    if (release === null) return err('BUSY', `${name} is open already; close it there first`);
    return await work(await openStorage(name, release));
  } catch (error) {
    if (error instanceof DOMException) return err('STORAGE_FAILED', error.message);
    throw error;
  }
}

async function openStorage(name: string, release: Release): Promise<Storage> {
  try {
    const asked = indexedDB.open(name, VERSION);
    asked.addEventListener('upgradeneeded', () => {
      for (const store of [PURSE, LOG, KEYS]) asked.result.createObjectStore(store);
    });
    const late = (): Error => new DOMException('the database does not open', 'TimeoutError');
    return new Storage(await within(PATIENCE_MS, answerOf(asked), late), release);
  } catch (error) {
    release();
    throw error;
  }
}

export function answerOf<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result));
    asked.addEventListener('error', () => {
      reject(asked.error ?? new Error('IndexedDB does not say what failed'));
    });
  });
}

/** Whatever lies there: who may write to this origin's storage may have put anything. */
function bytesOf(found: unknown): Bytes | null {
  return found instanceof Uint8Array ? new Uint8Array(found) : null;
}
