/**
 * Frames a device has not read yet. A session reads each frame before it answers, so more than a
 * few waiting means that nobody reads, and somebody floods.
 */
export const INBOX_FRAMES = 64;

type Reader = (frame: Uint8Array | null) => void;

/** Arrived frames, first in first out. A full inbox loses what comes next, as any medium may. */
export class Inbox {
  readonly #frames: Uint8Array[] = [];
  readonly #readers: Reader[] = [];
  #ended = false;

  /** Keeps a copy of the frame for the next reader. False when it is lost: full, or ended. */
  put(frame: Uint8Array): boolean {
    if (this.#ended || this.#frames.length >= INBOX_FRAMES) return false;
    const copy = Uint8Array.from(frame);
    const reader = this.#readers.shift();
    if (reader === undefined) this.#frames.push(copy);
    else reader(copy);
    return true;
  }

  /** The next frame; null when the inbox has ended and everything in it was taken. */
  take(): Promise<Uint8Array | null> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** Nothing arrives any more: waiting readers get null, frames already here can still be taken. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers.splice(0)) reader(null);
  }
}
