import { type ReadonlySignal, signal } from '@preact/signals';
import {
  attempt,
  type Bytes,
  decodeCbor,
  encodeCbor,
  equal,
  type Seconds,
  toHex,
} from '@tallystick/protocol';
import type { PendingStore } from '@tallystick/wallet';
import { changeOf, type Entry, entryCodec, isOutstanding, KIND, STATE } from './entry.ts';

const PREFIX = 'entry/';
const ENTRY_BYTES = 4_096;
/** So long a till can pay back, and report, what is settled. */
const KEPT_SECONDS = 90 * 86_400;

/** What was sold here and paid back, newest first: the till's own, beside its purses. */
export class Journal {
  readonly #store: PendingStore;
  readonly #entries = signal<readonly Entry[]>([]);

  private constructor(store: PendingStore) {
    this.#store = store;
  }

  /** Opens what this browser has kept, without what is settled and too old. */
  static async open(store: PendingStore, now: Seconds): Promise<Journal> {
    const journal = new Journal(store);
    const keys = await store.list(PREFIX);
    const read = await Promise.all(keys.map(async (key) => readEntry(await store.get(key))));
    const entries = read.flatMap((entry) => (entry === null ? [] : [entry]));
    const isOld = (entry: Entry): boolean => !isOutstanding(entry) && entry.at + KEPT_SECONDS < now;
    for (const entry of entries.filter(isOld)) await store.remove(keyOf(entry));
    journal.#entries.value = newestFirst(entries.filter((entry) => !isOld(entry)));
    return journal;
  }

  get entries(): ReadonlySignal<readonly Entry[]> {
    return this.#entries;
  }

  find(id: Bytes): Entry | undefined {
    return this.#entries.value.find((entry) => equal(entry.id, id));
  }

  findHex(id: string): Entry | undefined {
    return this.#entries.value.find((entry) => toHex(entry.id) === id);
  }

  /** What was paid back of a sale. */
  refundsOf(sale: Bytes): readonly Entry[] {
    return this.#entries.value.filter((entry) => entry.sale !== null && equal(entry.sale, sale));
  }

  /** What may still be paid back of a sale, in minor units. Money on its way back counts as paid back. */
  leftOf(sale: Entry): bigint {
    return this.refundsOf(sale.id).reduce((left, refund) => left + changeOf(refund), sale.amount);
  }

  /** Notes something new, or more of what is known; the time stays the first. */
  async note(entry: Entry): Promise<void> {
    const before = this.find(entry.id);
    const noted = before === undefined ? entry : { ...entry, at: before.at };
    // Known at once, so that whoever asks meanwhile does not note it a second time.
    const others = this.#entries.value.filter((each) => each !== before);
    this.#entries.value = newestFirst([noted, ...others]);
    await this.#store.put(keyOf(noted), encodeCbor(entryCodec.encode(noted)));
  }

  /** The bank has the takings purse's log up to there. */
  async settleSales(ackedTo: number): Promise<void> {
    for (const entry of this.#entries.value) {
      const isIn = entry.kind === KIND.sale && entry.position <= ackedTo;
      if (isIn && entry.state === STATE.taken) await this.note({ ...entry, state: STATE.settled });
    }
  }

  /** What a sync of the refund purse found out. */
  async settleRefunds(ids: readonly Bytes[], state: Entry['state']): Promise<void> {
    for (const id of ids) {
      const entry = this.find(id);
      if (entry !== undefined && entry.state !== state) await this.note({ ...entry, state });
    }
  }
}

function keyOf({ at, id }: Entry): string {
  return `${PREFIX}${at.toString(16).padStart(8, '0')}/${toHex(id)}`;
}

/** What does not read is no entry: it may be another version's. */
function readEntry(bytes: Bytes | null): Entry | null {
  if (bytes === null) return null;
  const read = attempt(() => entryCodec.decode(decodeCbor(bytes, ENTRY_BYTES), 'entry'));
  return read.ok ? read.value : null;
}

function newestFirst(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => b.at - a.at);
}
