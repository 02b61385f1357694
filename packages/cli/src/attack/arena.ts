import { cp, lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap, type SignedImage } from '@tallystick/protocol';
import type { PublisherKey } from '@tallystick/tre/image';
import { START, type TestScheme } from '@tallystick/trusted-app/testing';
import type { DeviceOptions, Environment } from '../environments/index.ts';
import { plain } from '../environments/index.ts';
import { Device, Purse } from './purse.ts';
import type { Office } from './reconciliation/office.ts';

/** What a run of one attack shares with the others. */
export interface ArenaOptions {
  readonly environment: Environment;
  readonly scheme: TestScheme;
  readonly publisher: PublisherKey;
  /** The trusted application, as the publisher's second version. */
  readonly image: SignedImage;
  /** A folder of its own. */
  readonly folder: string;
  readonly setVariable: DeviceOptions['setVariable'];
  /** The backend of this run, which all attacks share; opened when it is first asked for. */
  readonly office: () => Promise<Office>;
}

export interface PurseOptions {
  /** Where it is enrolled: participant 0 or 1 of the scheme. */
  readonly participant?: 0 | 1;
  /** Its money, in minor units. */
  readonly amount?: bigint;
  readonly pin?: Uint8Array | null;
}

/** Where one attack takes place: a scheme with real keys, and devices in the environment that is attacked. */
export class Arena {
  readonly #options: ArenaOptions;
  readonly #devices: Device[] = [];
  /** What every device's clock shows, in seconds. */
  now: number = START;

  constructor(options: ArenaOptions) {
    this.#options = options;
  }

  get environment(): Environment {
    return this.#options.environment;
  }

  get scheme(): TestScheme {
    return this.#options.scheme;
  }

  get publisher(): PublisherKey {
    return this.#options.publisher;
  }

  get image(): SignedImage {
    return this.#options.image;
  }

  get folder(): string {
    return this.#options.folder;
  }

  office(): Promise<Office> {
    return this.#options.office();
  }

  /** A device with nothing on it, in the environment that is attacked; another publisher's where one is given. */
  device(
    environment: Environment = this.environment,
    change: Partial<Pick<DeviceOptions, 'publisher' | 'image'>> = {},
  ): Device {
    const { publisher, image, folder, setVariable } = this.#options;
    const device = new Device(environment, {
      folder: join(folder, `device-${this.#devices.length}`),
      publisher: publisher.half,
      image,
      clock: () => this.now,
      setVariable,
      ...change,
    });
    this.#devices.push(device);
    return device;
  }

  /** A device in that environment with a purse that is personalised and loaded. */
  purse(options: PurseOptions = {}): Promise<Purse> {
    return this.#purseOn(this.device(), options);
  }

  /** An honest one, at the other participant, in the plain process: whoever is not attacked. */
  bystander(options: PurseOptions = {}): Promise<Purse> {
    return this.#purseOn(this.device(plain), { participant: 1, ...options });
  }

  async #purseOn(device: Device, options: PurseOptions): Promise<Purse> {
    const { participant = 0, amount = 0n, pin = null } = options;
    const { scheme } = this.#options;
    const purse = new Purse(device, scheme.participants[participant], unwrap(await device.open()));
    purse.certificate = purse.participant.certify(await purse.prepare(undefined, pin));
    await purse.get(purse.personalisation(scheme, purse.certificate), 0);
    if (amount > 0n) await purse.load(amount);
    return purse;
  }

  /** Copies files of a device, as an attacker does; the device must be closed. */
  async copy(from: string, to: string): Promise<void> {
    await rm(to, { recursive: true, force: true });
    // An emulator that was killed leaves its socket behind, which is nothing to copy.
    const filter = async (source: string): Promise<boolean> => !(await lstat(source)).isSocket();
    await cp(from, to, { recursive: true, filter });
  }

  async dispose(): Promise<void> {
    for (const device of this.#devices) await device.close();
  }
}
