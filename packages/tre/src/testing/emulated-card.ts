import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Bytes,
  concat,
  encodeCbor,
  ok,
  type Result,
  sha256,
  type SignedImage,
  toHex,
} from '@tallystick/protocol';
import type { Folder } from '../node/folder.ts';
import {
  type EmulatedCard,
  type EmulatedReaders,
  startReaders,
  whyNoReaders,
} from '../smartcard/emulated.ts';
import {
  bindCard,
  type CardElement,
  type CardLine,
  openCard,
  reachCard,
  type StaticKeys,
} from '../smartcard/index.ts';
import { TEST_PUBLISHER } from './image.ts';
import { CHEAP_STRETCH } from './plain-specimen.ts';

/** Whether tests with a card are to be skipped, visibly: on a build machine they run, and fail without one. */
export const skipCard: boolean = whyNoReaders() !== null && process.env.CI !== 'true';

const READERS = 3;
const secret = (name: string): Bytes => sha256(encodeCbor(name)).slice(0, 16);
/** What test cards leave their factory with. */
export const TEST_TRANSPORT: StaticKeys = { enc: secret('enc'), mac: secret('mac') };

let started: Promise<EmulatedReaders> | null = null;
/** Names of the readers with no card in them; the one that is free for longest comes first. */
const free: string[] = [];

/** The readers of this process: PC/SC looks for its daemon once, and stays with it. They end with the process. */
function readersHere(): Promise<EmulatedReaders> {
  started ??= startHere();
  return started;
}

async function startHere(): Promise<EmulatedReaders> {
  const folder = await mkdtemp(join(tmpdir(), 'readers-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const readers = await startReaders(folder, READERS);
  process.env.PCSCLITE_CSOCK_NAME = readers.socket;
  free.push(...readers.names);
  return readers;
}

const BINDING = 'binding';

/** A device whose purse is in a card of its own, which stays in its reader. */
export class CardDevice {
  readonly #chip: string;
  readonly #readers: EmulatedReaders;
  readonly reader: string;
  #card: EmulatedCard | null = null;

  private constructor(chip: string, readers: EmulatedReaders, reader: string) {
    this.#chip = chip;
    this.#readers = readers;
    this.reader = reader;
  }

  /** @param kept where the chip's memory lies */
  static async start(kept: string): Promise<CardDevice> {
    const readers = await readersHere();
    const reader = free.shift();
    if (reader === undefined) throw new Error('every reader has a card in it');
    const chip = join(kept, 'chip');
    await mkdir(chip, { recursive: true, mode: 0o700 });
    return new CardDevice(chip, readers, reader);
  }

  /** Puts the card in, unless it is in. */
  async insert(): Promise<void> {
    if (this.#card?.isAlive === true) return;
    this.#card = await this.#readers.insert(this.reader, {
      folder: this.#chip,
      publisher: { alg: TEST_PUBLISHER.alg, key: toHex(TEST_PUBLISHER.bytes) },
      transport: { enc: toHex(TEST_TRANSPORT.enc), mac: toHex(TEST_TRANSPORT.mac) },
      stretchCost: CHEAP_STRETCH,
    });
  }

  /** Pulls it out, in the middle of whatever it does. */
  async pull(): Promise<void> {
    await this.#card?.pull();
  }

  async line(): Promise<CardLine> {
    await this.insert();
    return reachCard(this.reader);
  }

  /** Opens its purse from an app's folder, which keeps what binds the two. */
  async openIn(
    folder: Folder,
    image: SignedImage | undefined,
    how: { readonly line?: () => Promise<CardLine>; readonly size?: 'short' | 'extended' } = {},
  ): Promise<Result<CardElement>> {
    const binding = await this.#bindingIn(folder);
    await folder.close();
    if (!binding.ok) return binding;
    const line = (): Promise<CardLine> => this.line();
    const given = image === undefined ? {} : { image };
    return openCard({ line, binding: binding.value, ...given, ...how });
  }

  async #bindingIn(folder: Folder): Promise<Result<StaticKeys>> {
    const kept = await folder.read(BINDING);
    if (kept !== null) return ok({ enc: kept.slice(0, 16), mac: kept.slice(16) });
    const bound = await bindCard(() => this.line(), TEST_TRANSPORT);
    if (bound.ok) await folder.write(BINDING, concat(bound.value.enc, bound.value.mac));
    return bound;
  }

  async stop(): Promise<void> {
    await this.pull();
    free.push(this.reader);
  }
}
