import { within } from '../within.ts';

/** A store of a database by its name, inside a transaction. */
export type StoreOf = (name: string) => IDBObjectStore;

/** Everything in a copy: per store, each value under its key. */
export type Content = ReadonlyMap<string, readonly (readonly [key: IDBValidKey, value: unknown])[]>;

const VERSION = 1;
/** A database that is not open, or gone, by then is waited for no longer. */
const PATIENCE_MS = 30_000;
const REVISIONS = 'revisions';
const NEWEST = 'newest';

/** One copy of a {@link MirroredDatabase}: a database, and which revision of the content it has. */
export class Copy {
  readonly #factory: IDBFactory;
  readonly #database: IDBDatabase;
  readonly #stores: readonly string[];

  private constructor(factory: IDBFactory, database: IDBDatabase, stores: readonly string[]) {
    this.#factory = factory;
    this.#database = database;
    this.#stores = stores;
    // Whoever removes it is not kept waiting: from here on every use throws.
    database.addEventListener('versionchange', () => database.close());
  }

  static async open(factory: IDBFactory, name: string, stores: readonly string[]): Promise<Copy> {
    const asked = factory.open(name, VERSION);
    asked.addEventListener('upgradeneeded', () => {
      for (const store of [...stores, REVISIONS]) asked.result.createObjectStore(store);
    });
    return new Copy(factory, await soon(asked), stores);
  }

  /** 0 where nothing was ever written. */
  async revision(): Promise<number> {
    const found: unknown = await this.read(REVISIONS, (store) => store.get(NEWEST));
    return typeof found === 'number' ? found : 0;
  }

  read<T>(store: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return answerOf(ask(this.#database.transaction(store, 'readonly').objectStore(store)));
  }

  /** One transaction, on the disk when it resolves. Throws, and has changed nothing, where it fails. */
  write(revision: number, change: (storeOf: StoreOf) => void): Promise<void> {
    const all = [...this.#stores, REVISIONS];
    const writing = this.#database.transaction(all, 'readwrite', { durability: 'strict' });
    return new Promise((resolve, reject) => {
      writing.addEventListener('complete', () => resolve());
      writing.addEventListener('abort', () => {
        reject(writing.error ?? new Error('a commit was given up'));
      });
      writing.objectStore(REVISIONS).put(revision, NEWEST);
      change((name) => writing.objectStore(name));
    });
  }

  async content(): Promise<Content> {
    const content = new Map<string, (readonly [IDBValidKey, unknown])[]>();
    for (const name of this.#stores) {
      const keys = await this.read(name, (store) => store.getAllKeys());
      const values = await this.read(name, (store) => store.getAll());
      content.set(
        name,
        keys.map((key, index) => [key, values[index]]),
      );
    }
    return content;
  }

  /** Takes over what another copy has. */
  replace(content: Content, revision: number): Promise<void> {
    return this.write(revision, (storeOf) => {
      for (const [name, rows] of content) {
        storeOf(name).clear();
        for (const [key, value] of rows) storeOf(name).put(value, key);
      }
    });
  }

  close(): void {
    this.#database.close();
  }

  async destroy(): Promise<void> {
    this.close();
    await destroyCopy(this.#factory, this.#database.name);
  }
}

export async function destroyCopy(factory: IDBFactory, name: string): Promise<void> {
  await soon(factory.deleteDatabase(name));
}

/** The answer of a request for a whole database. */
function soon(asked: IDBOpenDBRequest): Promise<IDBDatabase> {
  const late = (): Error => new DOMException('the browser does not answer', 'TimeoutError');
  return within(PATIENCE_MS, answerOf(asked), late);
}

export function answerOf<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result));
    asked.addEventListener('error', () => {
      reject(asked.error ?? new Error('IndexedDB does not say what failed'));
    });
  });
}
