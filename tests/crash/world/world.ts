import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readSchemeFile,
  SANDBOX_SCHEME,
  startPool,
  type VerificationPool,
} from '@tallystick/backend';
import { readTrust } from '@tallystick/cli/trust';
import { encodeSignedImage, toHex } from '@tallystick/protocol';
import { fetchImage, platformTimer } from '@tallystick/wallet';
import { Air } from '../device/air.ts';
import { Device } from '../device/device.ts';
import { Dice } from '../dice.ts';
import { Gateway } from '../server/gateway.ts';
import { Office } from '../server/office.ts';
import { Fuse } from './fuse.ts';
import { Promises } from './promises.ts';

/** What is on every account at first, in minor units: enough for any run. */
export const OPENED = 1_000_000_00n;
const HONEST = 4;
const FIRST_LOAD = 500_00n;

interface Parts {
  readonly folder: string;
  readonly dice: Dice;
  readonly fuse: Fuse;
  readonly gateway: Gateway;
  readonly pool: VerificationPool;
  readonly participants: readonly string[];
}

/** A backend and the devices around it, all of them in processes that can be killed. */
export class World {
  readonly folder: string;
  readonly dice: Dice;
  readonly fuse: Fuse;
  readonly gateway: Gateway;
  readonly pool: VerificationPool;
  readonly office: Office;
  readonly promises: Promises;
  readonly air: Air;
  readonly honest: Device[] = [];
  /** Whoever goes back to an old copy of itself; null between two of them. */
  crook: Device | null = null;
  accounts = 0;
  /** Where the trusted application's signed image lies, and its publisher's key in hex. */
  #image = { file: '', publisher: '' };
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    ({ folder: this.folder, dice: this.dice, fuse: this.fuse } = parts);
    ({ gateway: this.gateway, pool: this.pool } = parts);
    this.office = new Office(this.dataFolder, this.gateway);
    this.promises = new Promises(this.gateway);
    this.air = new Air(() => this.fuse.pulse());
  }

  /** Opens a world in a folder of its own, with everybody enrolled and some money in each purse. */
  static async open(seed: number): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'tallystick-crash-'));
    // Run by root, PostgreSQL is another user, who must be able to walk in.
    await chmod(folder, 0o755);
    const scheme = await readSchemeFile(SANDBOX_SCHEME);
    const fuse = new Fuse();
    const world = new World({
      folder,
      dice: new Dice(seed),
      fuse,
      gateway: await Gateway.open(() => fuse.pulse()),
      pool: startPool({ workers: 1 }),
      participants: scheme.participants.map(({ code }) => code),
    });
    try {
      await world.#settleIn();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  get devices(): readonly Device[] {
    return this.crook === null ? this.honest : [...this.honest, this.crook];
  }

  /** A new device with an account, switched on; it has still to enrol. */
  async newDevice(name: string): Promise<Device> {
    const { participants } = this.#parts;
    const participant = participants[this.accounts++ % participants.length] ?? '';
    await this.office.operator.openAccount(participant, name, OPENED);
    const device = new Device({
      name,
      participant,
      folder: join(this.folder, name),
      image: this.#image,
      backendUrl: this.gateway.url,
      air: this.air,
    });
    device.start();
    return device;
  }

  /** Ends every process and leaves nothing. */
  async close(): Promise<void> {
    for (const device of this.devices) await device.stop();
    await this.office.stop();
    await this.gateway.close();
    await this.pool.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Lays the newest image where every device finds it. */
  async #fetchImage(): Promise<{ readonly file: string; readonly publisher: string }> {
    const timer = platformTimer({
      nowMs: () => 0,
      setTimeout,
      clearTimeout,
    });
    const fetched = await fetchImage({ baseUrl: this.gateway.url, fetch, timer });
    if (!fetched.ok) throw new Error(`no image: ${fetched.error.message}`);
    const file = join(this.folder, 'trusted-app.image');
    await writeFile(file, encodeSignedImage(fetched.value));
    const trust = readTrust(await readFile(join(this.dataFolder, 'trust.json'), 'utf8'));
    if (!trust.ok || trust.value.publisher === null) throw new Error('the publisher is unknown');
    return { file, publisher: toHex(trust.value.publisher.bytes) };
  }

  async #settleIn(): Promise<void> {
    await this.office.start();
    this.#image = await this.#fetchImage();
    for (let number = 1; number <= HONEST; number++) {
      const device = await this.newDevice(`holder-${number}`);
      this.honest.push(device);
      const { participant, name } = device.options;
      await device.must('enrolment', device.ask('enrol', participant, name));
      await device.must('load', device.ask('load', FIRST_LOAD));
      await device.learnPurse();
    }
  }
}
