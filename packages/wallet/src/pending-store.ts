import { type Bytes, type Codec, decodeCbor, encodeCbor, LIMITS } from '@tallystick/protocol';
import { failure, stop } from './failure.ts';

/**
 * What a wallet has to find again after its power failed: payments in doubt, a load under way, what
 * its issuer gave it. Nothing in it is secret, and none of it moves money by itself: the purse does
 * not trust it. Losing it costs the offline way out of a torn payment; the next sync is another.
 */
export interface PendingStore {
  /** Resolves once the value is durable; replaces an earlier one. Keys are short ASCII, values up to 128 kB. */
  put(key: string, value: Bytes): Promise<void>;
  get(key: string): Promise<Bytes | null>;
  /** All keys that start like this, in no particular order. */
  list(prefix: string): Promise<readonly string[]>;
  /** Removing what is not there is harmless. */
  remove(key: string): Promise<void>;
}

/** Keeps everything in memory: for tests, and for wallets whose power does not fail. */
export function memoryStore(): PendingStore {
  const values = new Map<string, Bytes>();
  return {
    put: async (key, value) => {
      values.set(key, value.slice());
    },
    get: async (key) => values.get(key)?.slice() ?? null,
    list: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
    remove: async (key) => {
      values.delete(key);
    },
  };
}

const RECORD_BYTES = LIMITS.frameBytes * 2;

/**
 * Records of one kind in the store, under one prefix. A record that does not read as what was written
 * counts as missing: the store is not trusted, and whatever it loses has another way out.
 * A store that fails stops the work with STORE_FAILED.
 */
export class Records<T> {
  readonly #store: PendingStore;
  readonly #prefix: string;
  readonly #codec: Codec<T>;

  constructor(store: PendingStore, prefix: string, codec: Codec<T>) {
    this.#store = store;
    this.#prefix = prefix;
    this.#codec = codec;
  }

  async put(name: string, value: T): Promise<void> {
    const bytes = encodeCbor(this.#codec.encode(value));
    await attempting(() => this.#store.put(this.#prefix + name, bytes));
  }

  async get(name: string): Promise<T | null> {
    const bytes = await attempting(() => this.#store.get(this.#prefix + name));
    return bytes === null ? null : this.#read(bytes);
  }

  async remove(name: string): Promise<void> {
    await attempting(() => this.#store.remove(this.#prefix + name));
  }

  /** Every readable record with its name, in order of the names. */
  async all(): Promise<readonly { readonly name: string; readonly value: T }[]> {
    const keys = await attempting(() => this.#store.list(this.#prefix));
    const found: { name: string; value: T }[] = [];
    for (const key of keys.toSorted()) {
      const name = key.slice(this.#prefix.length);
      const value = await this.get(name);
      if (value !== null) found.push({ name, value });
    }
    return found;
  }

  #read(bytes: Bytes): T | null {
    try {
      return this.#codec.decode(decodeCbor(bytes, RECORD_BYTES), this.#prefix);
    } catch {
      return null;
    }
  }
}

async function attempting<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    return stop(failure('STORE_FAILED', error instanceof Error ? error.message : ''));
  }
}
