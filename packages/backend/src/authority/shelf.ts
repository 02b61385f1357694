import type { Bytes } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';

/** Small named things that are written once and never change. */
export interface Shelf {
  get(name: string): Promise<Bytes | null>;
  /** Puts it there unless something is there already; returns what is there now. */
  putIfAbsent(name: string, bytes: Bytes): Promise<Bytes>;
  /** Everything whose name starts so, in the order of the names. */
  list(prefix: string): Promise<readonly Bytes[]>;
}

const LOCK = 'shelf';
const PAGE = 100;

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
    list: (prefix) =>
      store.exclusive(LOCK, async (documents) => {
        const found: Bytes[] = [];
        for (let after = ''; ; ) {
          const page = await documents.list(place(prefix), after, PAGE);
          found.push(...page.map(({ value }) => value));
          const last = page.at(-1);
          if (last === undefined || page.length < PAGE) return found;
          after = last.key;
        }
      }),
  };
}

function place(name: string): string {
  return `shelf/${name}`;
}
