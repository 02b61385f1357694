import { type Bytes, decodeReply } from '@tallystick/protocol';
import { must } from './books.ts';
import type { Scene } from './scene.ts';

/** When an honest upload was answered. */
export interface Served {
  /** How many of the flood were answered before. */
  readonly answered: number;
  readonly tries: number;
}

/** Uploads that are sent without waiting for an answer, and what comes of them. */
export class Flood {
  readonly #scene: Scene;
  readonly #waiting: Promise<void>[] = [];
  /** How many were refused with each code. */
  readonly codes: Map<string, number> = new Map();
  /** Resolves with the next answer. */
  #next: PromiseWithResolvers<void> = Promise.withResolvers();
  sent = 0;
  answered = 0;
  refused = 0;
  /** Entries that were refused in uploads that were not. */
  entries = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  send(uploads: readonly Bytes[]): void {
    this.sent += uploads.length;
    this.#waiting.push(...uploads.map((upload) => this.#note(upload)));
  }

  async #note(upload: Bytes): Promise<void> {
    const outcome = await this.#scene.office.backend.sync(upload);
    this.answered += 1;
    this.#next.resolve();
    this.#next = Promise.withResolvers();
    if (outcome.ok) {
      this.entries += decodeReply(outcome.value).refused.length;
      return;
    }
    const { code } = outcome.error;
    this.refused += 1;
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  /** Sends an honest upload, and again whenever there may be room, until it is answered. */
  async until(upload: Bytes): Promise<Served> {
    for (let tries = 1; ; tries++) {
      const next = this.#next.promise;
      const outcome = await this.#scene.office.backend.sync(upload);
      if (outcome.ok) return { answered: this.answered, tries };
      must(outcome.error.code === 'BUSY', 'an honest upload is refused for want of room only');
      await next;
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#waiting);
  }
}
