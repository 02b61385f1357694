import { type ReadonlySignal, signal } from '@preact/signals';
import type { Setting } from '../setting.ts';
import { readNetwork, readSupply, revoke, type Supply } from './bank.ts';
import { Device } from './device.ts';
import { type Passed, Tap, type Tear } from './tap.ts';

/** Frames that stay to be looked at. */
const PASSED_MAX = 60;

/** Everything on the table: devices, what goes between them, and the bank's books. */
export class Table {
  readonly devices: readonly Device[];
  readonly console: string | null;
  readonly tear = signal<Tear | null>(null);
  readonly #passed = signal<readonly Passed[]>([]);
  readonly #supply = signal<Supply | null>(null);
  readonly #revoked = signal<ReadonlySet<string>>(new Set());
  #tap: Tap | null = null;

  constructor({ devices, console }: Setting) {
    this.devices = devices.map((each) => new Device(each));
    this.console = console;
  }

  /** Frames in the order in which they went, the newest last. */
  get passed(): ReadonlySignal<readonly Passed[]> {
    return this.#passed;
  }
  get supply(): ReadonlySignal<Supply | null> {
    return this.#supply;
  }
  /** Purses that were revoked here. */
  get revoked(): ReadonlySignal<ReadonlySet<string>> {
    return this.#revoked;
  }

  /** Holds two devices together. Whatever was held together before is apart. */
  hold(one: Device, other: Device): void {
    this.#tap?.end();
    this.#tap = new Tap({
      between: [one.setting.name, other.setting.name],
      tear: this.tear.value,
      onPassed: (frame) => this.#note(frame),
    });
    const [first, second] = this.#tap.ports;
    one.holdTo(first);
    other.holdTo(second);
  }

  #note(frame: Passed): void {
    this.#passed.value = [...this.#passed.value, frame].slice(-PASSED_MAX);
    // Whoever tears one tap does not mean the next.
    if (frame.isTorn) this.tear.value = null;
  }

  /** Has the operator revoke a device's purse. False where that did not work. */
  async revoke(device: Device): Promise<boolean> {
    const purse = device.purse.value;
    if (purse === null || !(await revoke(purse))) return false;
    this.#revoked.value = new Set([...this.#revoked.value, purse]);
    return true;
  }

  /** Looks again at what changes by itself. */
  async look(): Promise<void> {
    this.#supply.value = (await readSupply()) ?? this.#supply.value;
    const network = await readNetwork();
    await Promise.all(this.devices.map((each) => each.look(network?.[each.setting.name] ?? true)));
  }
}
