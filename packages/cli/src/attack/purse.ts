import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes, Result } from '@tallystick/protocol';
import type { Element } from '@tallystick/tre';
import { ExaminedPurse } from '@tallystick/tre/conformance';
import { encodeCommand } from '@tallystick/trusted-app';
import type { TestParticipant } from '@tallystick/trusted-app/testing';
import type { DeviceOptions, Environment, OpenPurse } from '../environments/index.ts';

/** A device with a purse in some environment, and what an attacker can lay hands on. */
export class Device {
  readonly #environment: Environment;
  readonly #options: DeviceOptions;
  #open: OpenPurse | null = null;

  constructor(environment: Environment, options: DeviceOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  /** The device's own folder. What is in it besides {@link files} is inside a chip. */
  get folder(): string {
    return this.#options.folder;
  }

  /** What a thief of its storage gets. */
  get files(): string {
    return join(this.folder, 'purse');
  }

  /** Opens what is there; the device must be closed. */
  async open(change: Partial<DeviceOptions> = {}): Promise<Result<Element>> {
    await mkdir(this.folder, { recursive: true });
    const opened = await this.#environment.open({ ...this.#options, ...change });
    if (!opened.ok) return opened;
    this.#open = opened.value;
    return { ok: true, value: opened.value.element };
  }

  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = null;
  }
}

/** A purse that is part of an attack: every command of the trusted application, and its device. */
export class Purse extends ExaminedPurse {
  readonly device: Device;

  constructor(device: Device, participant: TestParticipant, element: Element) {
    const dispose = (): Promise<void> => device.close();
    super({ open: () => device.open(), dispose }, participant, element);
    this.device = device;
  }

  override async reopen(): Promise<void> {
    await this.device.close();
    await this.open();
  }

  /** Opens it again on whatever is there by now, closed or not; the code where it does not open. */
  async tryToOpen(): Promise<string | null> {
    await this.device.close();
    const opened = await this.device.open();
    if (!opened.ok) return opened.error.code;
    this.element = opened.value;
    return null;
  }

  /** SHA-256, in hex, of what it says of itself: balance, position, time, limits, locks, what is open. */
  async hash(): Promise<string> {
    const reply: Bytes = await this.element.execute(encodeCommand({ kind: 1 }));
    return createHash('sha256').update(reply).digest('hex');
  }
}
