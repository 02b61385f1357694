import type { Transport } from '@tallystick/wallet';
import { tellParent } from '../calls.ts';
import type { WalletNews } from '../commands.ts';

const tell = (news: WalletNews): void => tellParent(news);

/** One end of a link to another device; the parent process is the air between them. */
export class Link implements Transport {
  readonly medium = 'link';
  readonly #number: number;
  readonly #frames: Uint8Array[] = [];
  readonly #readers: ((frame: Uint8Array | null) => void)[] = [];
  #isOpen = true;

  constructor(number: number) {
    this.#number = number;
  }

  send(frame: Uint8Array): Promise<void> {
    if (this.#isOpen) tell({ news: 'frame', link: this.#number, frame: Uint8Array.from(frame) });
    return Promise.resolve();
  }

  receive(): Promise<Uint8Array | null> {
    const frame = this.#frames.shift();
    if (frame !== undefined || !this.#isOpen) return Promise.resolve(frame ?? null);
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  close(): Promise<void> {
    if (this.#isOpen) tell({ news: 'linkEnded', link: this.#number });
    this.end();
    return Promise.resolve();
  }

  /** A frame of the other device is here. */
  arrive(frame: Uint8Array): void {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#frames.push(frame);
    else reader(frame);
  }

  /** The other device is gone. */
  end(): void {
    this.#isOpen = false;
    for (const reader of this.#readers.splice(0)) reader(null);
  }
}
