import type { Bytes } from '@tallystick/protocol';

/** Messages that have arrived and wait for whoever receives them, one at a time, in order. */
export class Mailbox {
  readonly #arrived: Bytes[] = [];
  #waiting: PromiseWithResolvers<Bytes> | null = null;
  #gone: Error | null = null;

  /** Takes what came over a port: a copy, since bytes alone may, and those may still change. */
  deliver(message: unknown): void {
    if (!(message instanceof Uint8Array)) {
      return this.end('the other side sent something else than bytes');
    }
    const bytes = new Uint8Array(message);
    if (this.#waiting === null) return void this.#arrived.push(bytes);
    this.#waiting.resolve(bytes);
    this.#waiting = null;
  }

  /** Nothing more will come. */
  end(why: string): void {
    this.#gone ??= new Error(why);
    this.#waiting?.reject(this.#gone);
    this.#waiting = null;
  }

  /** The next message. Rejects when the other side is gone. */
  receive(): Promise<Bytes> {
    const next = this.#arrived.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.#gone !== null) return Promise.reject(this.#gone);
    this.#waiting = Promise.withResolvers<Bytes>();
    return this.#waiting.promise;
  }
}
