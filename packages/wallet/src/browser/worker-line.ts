import { type Answer, asAnswer, type Order } from './messages.ts';

/** A worker that reads codes, asked one thing at a time. */
export class WorkerLine {
  readonly #worker: Worker;
  readonly #patienceMs: number;
  #waiting: PromiseWithResolvers<Answer> | null = null;
  #failure: Error | null = null;

  constructor(address: string, patienceMs: number) {
    this.#worker = new Worker(address, { type: 'module' });
    this.#patienceMs = patienceMs;
    this.#worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const answer = asAnswer(data);
      // Also what nobody asked for: it could be taken for the answer to the next order.
      if (answer === null || this.#waiting === null) this.#fail('it says what it may not');
      else this.#waiting.resolve(answer);
    });
    // Also where there is no script at that address.
    this.#worker.addEventListener('error', ({ message }) => this.#fail(`it failed: ${message}`));
  }

  /**
   * Rejects when the worker fails, or is silent for too long: nothing tells that one has died. It must be
   * ended then, since its late answer could be taken for that to the next order.
   */
  async ask(order: Order, handedOver: readonly Transferable[]): Promise<Answer> {
    if (this.#failure !== null) throw this.#failure;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting = waiting;
    const late = setTimeout(() => this.#fail('it does not answer'), this.#patienceMs);
    try {
      this.#worker.postMessage(order, [...handedOver]);
      return await waiting.promise;
    } finally {
      clearTimeout(late);
      this.#waiting = null;
    }
  }

  end(): void {
    this.#worker.terminate();
    this.#fail('it was ended');
  }

  #fail(why: string): void {
    this.#failure ??= new Error(why);
    this.#waiting?.reject(this.#failure);
  }
}
