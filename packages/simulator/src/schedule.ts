/** Something that will happen, at a simulated moment. */
interface Entry {
  readonly at: number;
  /** Breaks ties: what was scheduled first happens first. */
  readonly order: number;
  readonly run: () => void;
}

/** Cancels what was scheduled; harmless once it has run. */
export type Cancel = () => unknown;

/** Simulated time in milliseconds, and everything that is going to happen, in order. */
export class Schedule {
  #now: number;
  #order = 0;
  /** A binary heap, the earliest entry first. */
  readonly #heap: Entry[] = [];
  /** Orders of entries that are neither run nor cancelled. */
  readonly #waiting: Set<number> = new Set();

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  get nowSeconds(): number {
    return Math.floor(this.#now / 1_000);
  }

  get pending(): number {
    return this.#waiting.size;
  }

  after(delayMs: number, run: () => void): Cancel {
    const order = this.#order++;
    this.#push({ at: this.#now + Math.max(0, Math.floor(delayMs)), order, run });
    this.#waiting.add(order);
    return () => this.#waiting.delete(order);
  }

  /** Moves time to the next entry and runs it; false when nothing is left. */
  next(): boolean {
    for (let entry = this.#pop(); entry !== undefined; entry = this.#pop()) {
      if (!this.#waiting.delete(entry.order)) continue;
      this.#now = entry.at;
      entry.run();
      return true;
    }
    return false;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const leftEntry = heap[left];
      if (leftEntry === undefined) break;
      const rightEntry = heap[right];
      const useRight = rightEntry !== undefined && isBefore(rightEntry, leftEntry);
      const child = useRight ? rightEntry : leftEntry;
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = useRight ? right : left;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
