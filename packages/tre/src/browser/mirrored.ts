import { Copy, destroyCopy, type StoreOf } from './copy.ts';
import { type Release, takeLock } from './lock.ts';

/** Storage of an origin apart from its usual one (Storage Buckets API); of all engines Chromium alone has it. */
interface StorageBuckets {
  open(name: string, options: { durability: 'strict' }): Promise<{ indexedDB: IDBFactory }>;
}

/**
 * A database of IndexedDB for one user at a time, in two copies where the browser has storage apart for the second.
 * Chromium throws all of an origin's IndexedDB away when it finds its files damaged, and **one kill amid a write
 * damages them**: the opening after the next finds nothing. So a write goes to one copy after the other, that a kill
 * can cut one alone; and an opening brings the copy that is empty, or behind, up to the other.
 *
 * What a browser refuses is thrown as it came: a DOMException.
 */
export class MirroredDatabase {
  readonly #first: Copy;
  #second: Copy | null;
  /** Writes that have begun: one comes after the other. */
  #writing: Promise<unknown> = Promise.resolve();

  readonly #release: Release;

  private constructor(first: Copy, second: Copy | null, release: Release) {
    this.#first = first;
    this.#second = second;
    this.#release = release;
  }

  /** Null where somebody else has it open. */
  static async open(name: string, stores: readonly string[]): Promise<MirroredDatabase | null> {
    const release = await takeLock(name);
    if (release === null) return null;
    const opened: Copy[] = [];
    try {
      const first = await Copy.open(indexedDB, name, stores);
      opened.push(first);
      const second = await openSecond(name, stores);
      if (second !== null) opened.push(second);
      const made = new MirroredDatabase(first, second, release);
      await made.#level();
      return made;
    } catch (error) {
      for (const copy of opened) copy.close();
      release();
      throw error;
    }
  }

  /** Undefined where there is nothing under that key. */
  get(store: string, key: IDBValidKey): Promise<unknown> {
    return this.#first.read(store, (each) => each.get(key) as IDBRequest<unknown>);
  }

  /** Keys in order: all of a store's, or those in a range. */
  keys(store: string, range?: IDBKeyRange): Promise<readonly IDBValidKey[]> {
    return this.#first.read(store, (each) => each.getAllKeys(range));
  }

  /** Undefined where a store is empty. */
  async lastKey(store: string): Promise<IDBValidKey | undefined> {
    return (await this.#first.read(store, (each) => each.openKeyCursor(null, 'prev')))?.key;
  }

  /** One transaction, on the disk in each copy when it resolves. Throws, and has changed nothing, where it fails. */
  write(change: (storeOf: StoreOf) => void): Promise<void> {
    const written = this.#writing.then(() => this.#writeBoth(change));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #writeBoth(change: (storeOf: StoreOf) => void): Promise<void> {
    const revision = this.#first.revision + 1;
    await this.#first.write(revision, change);
    await this.#mirror((second) => second.write(revision, change));
  }

  close(): void {
    this.#first.close();
    this.#second?.close();
    this.#release();
  }

  /** The first copy is written first: the second is ahead only of one that was thrown away. */
  async #level(): Promise<void> {
    const [first, second] = [this.#first, this.#second];
    if (second === null || first.revision === second.revision) return;
    if (first.revision < second.revision) {
      await first.replace(await second.content(), second.revision);
      return;
    }
    const content = await first.content();
    await this.#mirror((copy) => copy.replace(content, first.revision));
  }

  /** A second copy that fails is given up: gone, before somebody could take what it has for the newest. */
  async #mirror(work: (second: Copy) => Promise<void>): Promise<void> {
    const second = this.#second;
    if (second === null) return;
    try {
      await work(second);
    } catch {
      this.#second = null;
      await second.destroy();
    }
  }
}

/** Where second copies are kept; null where the browser has no such place. */
export async function secondPlace(): Promise<IDBFactory | null> {
  const { storageBuckets } = navigator as { readonly storageBuckets?: StorageBuckets };
  const bucket = await storageBuckets?.open('second-copy', { durability: 'strict' });
  return bucket?.indexedDB ?? null;
}

async function openSecond(name: string, stores: readonly string[]): Promise<Copy | null> {
  const place = await secondPlace();
  if (place === null) return null;
  try {
    return await Copy.open(place, name, stores);
  } catch {
    await destroyCopy(place, name);
    return null;
  }
}
