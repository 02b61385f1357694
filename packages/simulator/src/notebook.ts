import type { PendingStore } from '@tallystick/wallet';

/** A wallet's own storage: it outlives crashes, and is copied with the device. */
export class Notebook implements PendingStore {
  readonly #pages: Map<string, Uint8Array>;
  readonly #isFull: () => boolean;

  constructor(isFull: () => boolean, copyOf?: Notebook) {
    this.#isFull = isFull;
    this.#pages = new Map(copyOf === undefined ? [] : copyOf.#pages);
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    if (this.#isFull()) throw new Error('no space is left on the disk');
    this.#pages.set(key, value.slice());
  }

  async get(key: string): Promise<Uint8Array | null> {
    return this.#pages.get(key)?.slice() ?? null;
  }

  async list(prefix: string): Promise<readonly string[]> {
    return [...this.#pages.keys()].filter((key) => key.startsWith(prefix));
  }

  async remove(key: string): Promise<void> {
    this.#pages.delete(key);
  }
}
