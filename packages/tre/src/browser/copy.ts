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
  readonly #name: string;
  readonly #stores: Set<string>;
  /** Null once the browser has ended the connection, as some do with pages that are long in the background. */
  #database: IDBDatabase | null = null;
  /** 0 where nothing was ever written. */
  #revision = 0;

  private constructor(factory: IDBFactory, name: string, stores: readonly string[]) {
    this.#factory = factory;
    this.#name = name;
    this.#stores = new Set(stores);
  }

  static async open(factory: IDBFactory, name: string, stores: readonly string[]): Promise<Copy> {
    const copy = new Copy(factory, name, stores);
    copy.#revision = await copy.#connect();
    return copy;
  }

  get revision(): number {
    return this.#revision;
  }

  async read<T>(store: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await this.#connected();
    return answerOf(ask(database.transaction(store, 'readonly').objectStore(store)));
  }

  /** One transaction, on the disk when it resolves. Throws, and has changed nothing, where it fails. */
  async write(revision: number, change: (storeOf: StoreOf) => void): Promise<void> {
    const database = await this.#connected();
    const all = [...this.#stores, REVISIONS];
    const writing = database.transaction(all, 'readwrite', { durability: 'strict' });
    const done = completionOf(writing);
    writing.objectStore(REVISIONS).put(revision, NEWEST);
    change((name) => writing.objectStore(name));
    await done;
    this.#revision = revision;
  }

  /** All of it as it is at one moment. */
  async content(): Promise<Content> {
    const database = await this.#connected();
    const reading = database.transaction([...this.#stores], 'readonly');
    const rows = [...this.#stores].map(async (name) => {
      const store = reading.objectStore(name);
      const [keys, values] = await Promise.all([
        answerOf(store.getAllKeys()),
        answerOf<unknown[]>(store.getAll()),
      ]);
      return [name, keys.map((key, index) => [key, values[index]] as const)] as const;
    });
    return new Map(await Promise.all(rows));
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
    this.#database?.close();
  }

  async destroy(): Promise<void> {
    this.close();
    await destroyCopy(this.#factory, this.#name);
  }

  /** Another connection must find what this one left: whatever was emptied meanwhile is no place to go on. */
  async #connected(): Promise<IDBDatabase> {
    if (this.#database !== null) return this.#database;
    if ((await this.#connect()) === this.#revision && this.#database !== null)
      return this.#database;
    throw new DOMException('the database was changed by somebody else', 'InvalidStateError');
  }

  /** Opens a connection. Resolves with the revision that is there. */
  async #connect(): Promise<number> {
    const asked = this.#factory.open(this.#name, VERSION);
    asked.addEventListener('upgradeneeded', () => {
      for (const store of [...this.#stores, REVISIONS]) asked.result.createObjectStore(store);
    });
    const database = await soon(asked);
    for (const store of database.objectStoreNames) this.#stores.add(store);
    this.#stores.delete(REVISIONS);
    database.addEventListener('close', () => (this.#database = null));
    // Whoever removes it is not kept waiting: from here on every use throws.
    database.addEventListener('versionchange', () => database.close());
    this.#database = database;
    const found: unknown = await this.read(REVISIONS, (store) => store.get(NEWEST));
    return typeof found === 'number' ? found : 0;
  }
}

export async function destroyCopy(factory: IDBFactory, name: string): Promise<void> {
  await soon(factory.deleteDatabase(name));
}

function completionOf(writing: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    writing.addEventListener('complete', () => resolve());
    writing.addEventListener('abort', () => {
      reject(writing.error ?? new Error('a commit was given up'));
    });
  });
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
