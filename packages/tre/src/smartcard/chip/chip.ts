import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type Bytes,
  ok,
  type PublicKey,
  type Result,
  type SignedImage,
} from '@tallystick/protocol';
import { type Folder, nodeFolder } from '../../node/folder.ts';
import { keysInFiles } from '../../node/key-files.ts';
import { pemKeys } from '../../node/native-keys.ts';
import { inDirectory, type NodeEnvironment, openIn } from '../../node/open.ts';
import type { StretchCost } from '../../surroundings.ts';
import type { Element } from '../../port.ts';
import type { Chip } from '../applet.ts';
import { SMARTCARD } from '../name.ts';
import { KEY_BYTES, type StaticKeys } from '../scp03.ts';

/** Of the card system's own file: whether it is bound, its serial, its two keys. */
const SYSTEM = 'system';
const SERIAL_BYTES = 10;
const SYSTEM_BYTES = 1 + SERIAL_BYTES + 2 * KEY_BYTES;

const ENVIRONMENT: NodeEnvironment = { name: SMARTCARD, openKeys: keysInFiles(pemKeys) };

export interface ChipOptions {
  /** The chip's memory: whatever is in it is out of everybody's reach in a real one. */
  readonly folder: string;
  readonly publisher: PublicKey;
  /** The keys of the channel that the card leaves its factory with. */
  readonly transport: StaticKeys;
  readonly stretchCost?: StretchCost;
}

/** An emulated chip: a purse in a folder that stands for its memory. */
export class EmulatedChip implements Chip {
  readonly #options: ChipOptions;
  #system: Bytes;
  #holderIsHere = false;
  element: Element | null = null;
  measurement: Bytes | null = null;
  fault: string | null = null;

  private constructor(options: ChipOptions, system: Bytes) {
    this.#options = options;
    this.#system = system;
  }

  /** Powers a chip on. */
  static async on(options: ChipOptions): Promise<EmulatedChip> {
    const { folder, transport } = options;
    const system = await withFolder(folder, async (memory) => {
      const held = await memory.read(SYSTEM);
      if (held !== null) return held;
      const serial = randomBytes(SERIAL_BYTES);
      return store(memory, Uint8Array.of(0, ...serial, ...transport.enc, ...transport.mac));
    });
    if (system.length !== SYSTEM_BYTES) throw new Error('the chip is damaged');
    const chip = new EmulatedChip(options, system);
    await chip.#open(null);
    return chip;
  }

  get isBound(): boolean {
    return this.#system[0] === 1;
  }

  get serial(): Bytes {
    return this.#system.slice(1, 1 + SERIAL_BYTES);
  }

  get keys(): StaticKeys {
    const at = 1 + SERIAL_BYTES;
    return {
      enc: this.#system.slice(at, at + KEY_BYTES),
      mac: this.#system.slice(at + KEY_BYTES),
    };
  }

  async bind({ enc, mac }: StaticKeys): Promise<void> {
    const next = Uint8Array.of(1, ...this.serial, ...enc, ...mac);
    this.#system = await withFolder(this.#options.folder, (memory) => store(memory, next));
  }

  async install(image: SignedImage): Promise<Result<unknown>> {
    await this.element?.close();
    const opened = await this.#open(image);
    // One that is refused leaves the one before where it was.
    if (!opened.ok) await this.#open(null);
    return opened;
  }

  holderIsHere(isHere: boolean): void {
    this.#holderIsHere = isHere;
  }

  async #open(image: SignedImage | null): Promise<Result<null>> {
    const { folder, publisher, stretchCost } = this.#options;
    this.element = null;
    this.measurement = null;
    const opened = await inDirectory(join(folder, 'purse'), (memory) =>
      openIn(memory, ENVIRONMENT, {
        publisher,
        // A card has no clock.
        clock: () => null,
        assertHolder: async () => this.#takeHolder(),
        ...(stretchCost === undefined ? {} : { stretchCost }),
        ...(image === null ? {} : { image }),
      }),
    );
    if (!opened.ok) {
      // A card that has no image yet is no card in trouble.
      this.fault = opened.error.code === 'IMAGE_DIFFERS' ? null : opened.error.code;
      return opened;
    }
    this.fault = null;
    this.element = opened.value;
    this.measurement = await opened.value.measurement();
    return ok(null);
  }

  /** A PIN that was shown counts for one payment. */
  #takeHolder(): boolean {
    const isHere = this.#holderIsHere;
    this.#holderIsHere = false;
    return isHere;
  }

  async off(): Promise<void> {
    await this.element?.close();
  }
}

async function store(memory: Folder, system: Bytes): Promise<Bytes> {
  await memory.write(`${SYSTEM}.new`, system);
  await memory.rename(`${SYSTEM}.new`, SYSTEM);
  await memory.sync();
  return system;
}

async function withFolder<T>(directory: string, work: (folder: Folder) => Promise<T>): Promise<T> {
  const folder = await nodeFolder(directory);
  if (folder === null) throw new Error('the chip is in use');
  try {
    return await work(folder);
  } finally {
    await folder.close();
  }
}
