import { attempt, decodeFrame, encodeFrame, type Frame } from '@tallystick/protocol';
import { failure, type WalletFailure } from '../failure.ts';
import type { Timer } from '../timer.ts';
import type { Transport } from '../transport/index.ts';

/**
 * Frames one contact may bring. The longest honest one (a doubt resolved first, three presentations,
 * lists and proofs both ways) stays under 20; a flood ends here.
 */
const FRAMES_MAX = 64;

/** The frames of one contact, read with patience and a bound. */
export class Link {
  readonly #transport: Transport;
  readonly #timer: Timer;
  /** A read that was begun and not answered: given up, it would swallow the next frame. */
  #reading: Promise<Uint8Array | null> | null = null;
  #framesLeft = FRAMES_MAX;
  #ended = false;
  #fault: WalletFailure | null = null;

  constructor(transport: Transport, timer: Timer) {
    this.#transport = transport;
    this.#timer = timer;
  }

  /** Whether nothing can come any more. */
  get ended(): boolean {
    return this.#ended;
  }

  async send(frame: Frame): Promise<void> {
    if (!this.#ended) await this.#transport.send(encodeFrame(frame));
  }

  /**
   * Reads frames until `take` makes something of one, or returns null after `ms` or at the end of
   * the link. A frame that does not read is passed over as damaged on its way.
   */
  async waitFor<T>(
    ms: number,
    take: (frame: Frame) => Promise<T | undefined> | T | undefined,
  ): Promise<T | null> {
    const alarm = this.#timer.after(ms);
    const late = alarm.rang.then(() => 'late' as const);
    try {
      for (;;) {
        const frame = await this.#next(late);
        if (frame === null) return null;
        const taken = await take(frame);
        if (taken !== undefined) return taken;
      }
    } finally {
      alarm.cancel();
    }
  }

  /** Remembers what was wrong with a frame, as the reason to give if nothing better comes. */
  note(fault: WalletFailure): void {
    this.#fault ??= fault;
  }

  /** Notes a frame that has no place at this point. */
  unexpected(frame: Frame): void {
    this.note(failure('UNEXPECTED_FRAME', `a frame of kind ${frame.kind}`));
  }

  /** Why the last wait came to nothing. */
  failure(): WalletFailure {
    return this.#fault ?? failure(this.#ended ? 'LINK_ENDED' : 'TIMED_OUT');
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#transport.close();
  }

  async #next(late: Promise<'late'>): Promise<Frame | null> {
    while (!this.#ended) {
      this.#reading ??= this.#transport.receive();
      const bytes = await Promise.race([this.#reading, late]);
      if (bytes === 'late') return null;
      this.#reading = null;
      if (bytes === null) break;
      if (this.#framesLeft-- === 0) {
        this.#fault = failure('TOO_MANY_FRAMES');
        break;
      }
      const frame = attempt(() => decodeFrame(bytes));
      if (frame.ok) return frame.value;
      this.note(frame.error);
    }
    this.#ended = true;
    return null;
  }
}
