import { type Answer, listen, type Listening } from '@tallystick/backend';
import type { SiteFile } from '@tallystick/tre/site';
import { nothingElse, staticAnswer } from './static-answer.ts';

export interface OriginsOptions {
  readonly host: string;
  /** Of the first; the others have the next ones. 0 for any free ones. */
  readonly port: number;
  readonly log: (line: string) => void;
}

/** An origin of its own, which is a port here. It has nothing until it is given something to serve. */
export class Origin {
  readonly url: string;
  readonly #options: OriginsOptions;
  #listening: Listening | null;
  #answer: Answer = nothingElse;

  private constructor(options: OriginsOptions, listening: Listening) {
    this.url = named(listening.url);
    this.#options = { ...options, port: Number(new URL(listening.url).port) };
    this.#listening = listening;
  }

  static async open(options: OriginsOptions): Promise<Origin> {
    const origin: Origin = new Origin(
      options,
      await listen(options, (request) => origin.#answer(request)),
    );
    return origin;
  }

  serve(files: readonly SiteFile[], other: Answer): void {
    this.#answer = staticAnswer(files, other);
  }

  get isReachable(): boolean {
    return this.#listening !== null;
  }

  /** Whether anybody can reach it: where not, connections are refused, as they are without a network. */
  async setReachable(wanted: boolean): Promise<void> {
    const listening = this.#listening;
    if (wanted && listening === null) {
      this.#listening = await listen(this.#options, (request) => this.#answer(request));
    }
    if (wanted || listening === null) return;
    this.#listening = null;
    await listening.stop();
  }
}

/**
 * The same origin by name: browsers make passkeys for names alone, not for addresses; and all apps are of one site, so
 * that one in a frame of another has the storage that it has by itself.
 */
function named(url: string): string {
  const origin = new URL(url);
  if (LOOPBACK.has(origin.hostname)) origin.hostname = 'localhost';
  return origin.origin;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', '0.0.0.0', '[::]']);

/** Origins one behind the other, as their ports are. */
export class Origins {
  readonly #options: OriginsOptions;
  readonly #opened: Origin[] = [];

  constructor(options: OriginsOptions) {
    this.#options = options;
  }

  async next(): Promise<Origin> {
    const { port } = this.#options;
    const options = { ...this.#options, port: port === 0 ? 0 : port + this.#opened.length };
    const origin = await Origin.open(options);
    this.#opened.push(origin);
    return origin;
  }

  async stop(): Promise<void> {
    for (const each of this.#opened) await each.setReachable(false);
  }
}
