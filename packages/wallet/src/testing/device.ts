import { type Bytes, unwrap } from '@tallystick/protocol';
import {
  copyDisk,
  type Element,
  emptyDisk,
  type Host,
  type MemoryDisk,
  memoryHost,
  openElement,
  seededRandom,
} from '@tallystick/tre';
import { TEST_MEASUREMENT } from '@tallystick/trusted-app/testing';
import type { PendingStore } from '../pending-store.ts';
import { Power } from './power.ts';
import { verifyOnce } from './verify.ts';
import type { VirtualTimer } from './virtual-timer.ts';

/** What a device is while its power is off. */
export interface Kept {
  readonly disk: MemoryDisk;
  readonly store: ReadonlyMap<string, Bytes>;
}

/** A device with a real trusted application, storage that survives a cut of the power, and that cut. */
export class Device implements Element {
  readonly label: string;
  readonly power: Power = new Power();
  readonly timer: VirtualTimer;
  /** Whether the platform confirms the holder. */
  holderConfirms = false;
  /** Measurement of the image that runs from the next restart on. */
  image: Bytes = TEST_MEASUREMENT;
  #disk: MemoryDisk;
  #values: Map<string, Bytes>;
  #element: Promise<Element>;
  #restarts = 0;

  constructor(
    label: string,
    timer: VirtualTimer,
    kept: Kept = { disk: emptyDisk(), store: new Map<string, Bytes>() },
  ) {
    this.label = label;
    this.timer = timer;
    this.#disk = copyDisk(kept.disk);
    this.#values = new Map(kept.store);
    this.#element = this.#open();
  }

  /** Off and on again: all that was only in memory is gone. */
  restart(): void {
    this.#restarts += 1;
    this.power.restore();
    this.#element = this.#open();
  }

  /** A copy of all that survives a cut: a backup, or a clone in the making. */
  keep(): Kept {
    return { disk: copyDisk(this.#disk), store: new Map(this.#values) };
  }

  async execute(command: Bytes): Promise<Bytes> {
    return (await this.#element).execute(command);
  }

  async readLog(from: number, to: number): Promise<readonly Bytes[]> {
    return (await this.#element).readLog(from, to);
  }

  async measurement(): Promise<Bytes> {
    return (await this.#element).measurement();
  }

  async close(): Promise<void> {
    await (await this.#element).close();
  }

  readonly store: PendingStore = {
    put: (key, value) =>
      this.power.through(async () => {
        this.#values.set(key, value.slice());
      }),
    get: (key) => this.power.while(() => this.#values.get(key)?.slice() ?? null),
    list: (prefix) =>
      this.power.while(() => [...this.#values.keys()].filter((key) => key.startsWith(prefix))),
    remove: (key) =>
      this.power.through(async () => {
        this.#values.delete(key);
      }),
  };

  async #open(): Promise<Element> {
    const inner = memoryHost({
      disk: this.#disk,
      random: seededRandom(`${this.label} ${this.#restarts}`),
      clock: () => this.timer.now(),
      assertHolder: () => this.holderConfirms,
      verify: verifyOnce,
    });
    const host: Host = {
      load: () => inner.load(),
      truncateLog: (end) => inner.truncateLog(end),
      // A verification changes nothing: a cut before it is a cut before what follows.
      carryOut: (effect) =>
        effect.kind === 'verify'
          ? inner.carryOut(effect)
          : this.power.through(() => inner.carryOut(effect)),
      close: () => inner.close(),
    };
    const identity = { environment: 'test', measurement: this.image };
    return unwrap(await openElement(host, identity));
  }
}
