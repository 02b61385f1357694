import type { Bytes } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';

/** Small named things that are written once and never change. */
export interface Shelf {
  get(name: string): Promise<Bytes | null>;
  /** Puts it there unless something is there already; returns what is there now. */
  putIfAbsent(name: string, bytes: Bytes): Promise<Bytes>;
}

const LOCK = 'shelf';

/** A shelf among the store's documents. Processes that write at once agree on whoever came first. */
export function createShelf(store: Pick<Store, 'exclusive'>): Shelf {
  return {
    get: (name) => store.exclusive(LOCK, (documents) => documents.get(place(name))),
    putIfAbsent: (name, bytes) =>
      store.exclusive(LOCK, async (documents) => {
        const there = await documents.get(place(name));
        if (there !== null) return there;
        await documents.put(place(name), bytes);
        return bytes;
      }),
  };
}

function place(name: string): string {
  return `shelf/${name}`;
}
