import { type ReadonlySignal, signal } from '@preact/signals';
import {
  attempt,
  type Bytes,
  blob,
  type Codec,
  decodeCbor,
  encodeCbor,
  fixed,
  label,
  LIMITS,
  list,
  nullable,
  oneOf,
  type Seconds,
  seconds,
  toHex,
  totalField,
  tuple,
} from '@tallystick/protocol';
import type { PendingStore } from '@tallystick/wallet';

/** What became of money, as far as this device knows. */
export const STATE = { inDoubt: 0, done: 1, settled: 2, takenBack: 3 } as const;
/** Which way money went, and why. */
export const KIND = { paid: 0, received: 1, loaded: 2, unloaded: 3 } as const;

/** One line of the holder's history. The purse knows nothing of it, and nothing in it moves money. */
export interface Item {
  /** The payment's id. */
  readonly id: Bytes;
  readonly kind: (typeof KIND)[keyof typeof KIND];
  readonly state: (typeof STATE)[keyof typeof STATE];
  /** Minor units. */
  readonly amount: bigint;
  /** By this device's clock. */
  readonly at: Seconds;
  /** What the other's certificate calls it; null for a private purse. */
  readonly who: string | null;
  /** The frames that were exchanged: whoever has them can verify the payment. */
  readonly frames: readonly Bytes[];
}

const FRAMES = 3;
const PREFIX = 'history/';
const ITEM_BYTES = 4 * LIMITS.messageBytes;

const itemCodec: Codec<Item> = tuple<Item>({
  id: fixed(32),
  kind: oneOf(0, 1, 2, 3),
  state: oneOf(0, 1, 2, 3),
  amount: totalField,
  at: seconds,
  who: nullable(label(LIMITS.nameBytes)),
  frames: list(blob(LIMITS.messageBytes), FRAMES),
});

/** Newest first. */
export class History {
  readonly #store: PendingStore;
  readonly #items = signal<readonly Item[]>([]);

  private constructor(store: PendingStore) {
    this.#store = store;
  }

  static async open(store: PendingStore): Promise<History> {
    const history = new History(store);
    const found: Item[] = [];
    for (const key of await store.list(PREFIX)) {
      const bytes = await store.get(key);
      const read =
        bytes === null
          ? null
          : attempt(() => itemCodec.decode(decodeCbor(bytes, ITEM_BYTES), 'item'));
      // What does not read is no item: it may be another version's.
      if (read?.ok === true) found.push(read.value);
    }
    history.#items.value = found.toSorted((a, b) => b.at - a.at);
    return history;
  }

  get items(): ReadonlySignal<readonly Item[]> {
    return this.#items;
  }

  find(id: string): Item | undefined {
    return this.#items.value.find((item) => toHex(item.id) === id);
  }

  /** Notes something new, or what became of it; frames that were kept stay unless there are more. */
  async note(item: Item): Promise<void> {
    const id = toHex(item.id);
    const before = this.find(id);
    const frames =
      item.frames.length >= (before?.frames.length ?? 0) ? item.frames : before?.frames;
    const noted = { ...item, at: before?.at ?? item.at, frames: frames ?? [] };
    await this.#store.put(PREFIX + id, encodeCbor(itemCodec.encode(noted)));
    const others = this.#items.value.filter((each) => toHex(each.id) !== id);
    this.#items.value = [noted, ...others].toSorted((a, b) => b.at - a.at);
  }

  /** Notes what a sync found out about payments. */
  async settle(ids: readonly Bytes[], state: Item['state']): Promise<void> {
    for (const id of ids) {
      const item = this.find(toHex(id));
      if (item !== undefined && item.state !== state) await this.note({ ...item, state });
    }
  }
}
