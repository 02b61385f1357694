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
  readonly #listening: Listening;
  readonly #serving: { answer: Answer };

  private constructor(listening: Listening, serving: { answer: Answer }) {
    this.#listening = listening;
    this.#serving = serving;
  }

  static async open(options: OriginsOptions): Promise<Origin> {
    const serving = { answer: nothingElse };
    return new Origin(await listen(options, (request) => serving.answer(request)), serving);
  }

  get url(): string {
    return this.#listening.url;
  }

  serve(files: readonly SiteFile[], other: Answer): void {
    this.#serving.answer = staticAnswer(files, other);
  }

  stop(): Promise<void> {
    return this.#listening.stop();
  }
}

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
    for (const each of this.#opened) await each.stop();
  }
}
