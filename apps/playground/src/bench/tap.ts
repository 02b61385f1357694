import { type Explained, explain } from './explain.ts';

/** A frame that went from one device to another. */
export interface Passed extends Explained {
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
  /** Whether the devices were torn apart before it arrived. */
  readonly isTorn: boolean;
}

/** Frame kinds before which a tap can be torn. */
export type Tear = 'payment' | 'receipt';

const KINDS: Readonly<Record<Tear, number>> = { payment: 2, receipt: 3 };
/** What a side posts that has ended. */
const END = null;

export interface TapOptions {
  /** Names of the two. */
  readonly between: readonly [string, string];
  readonly tear: Tear | null;
  readonly onPassed: (frame: Passed) => void;
}

/** Two devices held together: what one sends the other gets, unless they are torn apart before it. */
export class Tap {
  /** For the apps of the two, in their order. */
  readonly ports: readonly [MessagePort, MessagePort];
  readonly #options: TapOptions;
  readonly #own: readonly [MessagePort, MessagePort];

  constructor(options: TapOptions) {
    this.#options = options;
    const [first, second] = [new MessageChannel(), new MessageChannel()];
    this.ports = [first.port2, second.port2];
    this.#own = [first.port1, second.port1];
    this.#carry(0, 1);
    this.#carry(1, 0);
  }

  #carry(from: 0 | 1, to: 0 | 1): void {
    const { between, tear, onPassed } = this.#options;
    const port = this.#own[to];
    this.#own[from].addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!(data instanceof Uint8Array)) {
        port.postMessage(END);
        return;
      }
      const bytes = new Uint8Array(data);
      const explained = explain(bytes);
      const isTorn = tear !== null && explained.kind === KINDS[tear];
      onPassed({ ...explained, from: between[from], to: between[to], bytes, isTorn });
      if (isTorn) this.end();
      else port.postMessage(bytes);
    });
    this.#own[from].start();
  }

  /** Takes the devices apart. */
  end(): void {
    for (const port of this.#own) {
      port.postMessage(END);
      port.close();
    }
  }
}
