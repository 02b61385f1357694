import type { Seconds } from '@tallystick/protocol';
import type { Timer } from '../timer.ts';

interface Waiting {
  readonly atMs: number;
  readonly ring: () => void;
}

/**
 * Time that passes only when nothing else can happen: {@link run} lets all work that is ready come to
 * a stop, then rings the next alarm. So a test with timeouts is exact and takes no time.
 */
export class VirtualTimer implements Timer {
  #ms: number;
  readonly #waiting: Set<Waiting> = new Set();

  constructor(start: Seconds) {
    this.#ms = start * 1000;
  }

  now(): Seconds {
    return Math.floor(this.#ms / 1000);
  }

  after(ms: number): { readonly rang: Promise<void>; cancel(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = { atMs: this.#ms + ms, ring: resolve };
    this.#waiting.add(waiting);
    return { rang: promise, cancel: () => this.#waiting.delete(waiting) };
  }

  pass(seconds: Seconds): void {
    this.#ms += seconds * 1000;
  }

  /** Alarms that somebody still waits for. */
  get alarms(): number {
    return this.#waiting.size;
  }

  /** The value of a promise, with as much time passing as it takes. Throws when it waits for nothing. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const watched = work.finally(() => {
      isDone = true;
    });
    // Whoever awaits `watched` below handles a rejection; until then it must not count as unhandled.
    watched.catch(() => undefined);
    for (;;) {
      await settle();
      if (isDone) return watched;
      this.#ringNext();
    }
  }

  #ringNext(): void {
    const [next] = [...this.#waiting].toSorted((a, b) => a.atMs - b.atMs);
    if (next === undefined) throw new Error('the work waits for something that never comes');
    this.#waiting.delete(next);
    this.#ms = Math.max(this.#ms, next.atMs);
    next.ring();
  }
}

/** Lets every promise that can settle do so: none of the work here waits for the outside world. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
