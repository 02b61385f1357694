import type { Bytes } from '@tallystick/protocol';
import type { Transport } from '@tallystick/wallet';

/**
 * The other device as orders bring it: frames are put in, and what the wallet sends is taken out once
 * it waits for more. So a contact needs no time: whoever waits, waits for the next order.
 */
export class Wire implements Transport {
  readonly medium = 'link';
  readonly #inbox: Bytes[] = [];
  #sent: Bytes[] = [];
  #reader: ((frame: Bytes | null) => void) | null = null;
  #ended = false;
  #quiet: PromiseWithResolvers<void> = Promise.withResolvers();

  send(frame: Bytes): Promise<void> {
    if (!this.#ended) this.#sent.push(frame);
    return Promise.resolve();
  }

  receive(): Promise<Bytes | null> {
    const frame = this.#inbox.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#ended) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<Bytes | null>();
    this.#reader = resolve;
    this.#quiet.resolve();
    return promise;
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  /** A frame arrives. */
  put(frame: Bytes): void {
    this.#quiet = Promise.withResolvers();
    const reader = this.#reader;
    this.#reader = null;
    if (reader === null) this.#inbox.push(frame);
    else reader(frame);
  }

  /** Nothing comes any more. */
  end(): void {
    this.#ended = true;
    this.#reader?.(null);
    this.#reader = null;
    this.#quiet.resolve();
  }

  /** Whether either side has ended it. */
  get isOver(): boolean {
    return this.#ended;
  }

  /** Once the wallet waits for the next frame, or for none. */
  quiet(): Promise<void> {
    return this.#quiet.promise;
  }

  /** What was sent since the last look. */
  takeSent(): Bytes[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }
}
