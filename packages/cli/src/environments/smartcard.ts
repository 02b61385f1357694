import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Bytes,
  concat,
  ok,
  type PublicKey,
  type Result,
  type SignedImage,
  toHex,
} from '@tallystick/protocol';
import type { Element } from '@tallystick/tre';
import { STRETCH_COST } from '@tallystick/tre/plain-process';
import {
  bindCard,
  CardFailure,
  type CardLine,
  type EmulatedReaders,
  openCard,
  reachCard,
  refusingHardware,
  startReaders,
  type StaticKeys,
} from '@tallystick/tre/smartcard';
import type { DeviceOptions, Environment, OpenPurse } from './environment.ts';

const READERS = 4;
const KEY_BYTES = 16;
/** The cards of a story come from one factory. */
const transport: StaticKeys = { enc: randomKey(), mac: randomKey() };
/** PC/SC looks for its daemon once a process: there is one, and it ends with the process. */
let running: Promise<EmulatedReaders> | null = null;
const free: string[] = [];

/** A card of its own for each device, in a virtual reader: its folder is the chip, which no thief of files gets. */
export const smartcard: Environment = {
  name: 'smartcard',
  says: 'a smartcard each, in virtual readers over real PC/SC',
  packages: ['pcscd', 'vsmartcard-vpcd', 'libpcsclite-dev', 'iproute2', 'util-linux'],
  hasTpm: false,
  rollback: {
    isPrevented: true,
    says: [
      'Her purse is in a card; her device keeps what binds the two, and nothing else. She had copied',
      'that, and puts the copy back: there is nothing in it to be old.',
    ],
  },
  open: (options) => refusingHardware(() => open(options)),
};

async function open({
  folder,
  publisher,
  image,
  setVariable,
}: DeviceOptions): Promise<Result<OpenPurse>> {
  running ??= start(join(folder, '..', 'readers'), setVariable);
  const readers = await running;
  const reader = free.shift();
  if (reader === undefined) throw new CardFailure('every reader has a card in it');
  const card = await readers.insert(reader, await chipOf(join(folder, 'chip'), publisher));
  const close = async (): Promise<void> => {
    await card.pull();
    free.push(reader);
  };
  const opened = await openInReader(reader, join(folder, 'purse'), image);
  if (!opened.ok) {
    await close();
    return opened;
  }
  const element = opened.value;
  return ok({
    element,
    close: async () => {
      await element.close();
      await close();
    },
  });
}

async function start(
  folder: string,
  setVariable: DeviceOptions['setVariable'],
): Promise<EmulatedReaders> {
  const readers = await startReaders(folder, READERS);
  setVariable('PCSCLITE_CSOCK_NAME', readers.socket);
  free.push(...readers.names);
  return readers;
}

async function chipOf(
  folder: string,
  { alg, bytes }: PublicKey,
): Promise<Parameters<EmulatedReaders['insert']>[1]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    folder,
    publisher: { alg, key: toHex(bytes) },
    transport: { enc: toHex(transport.enc), mac: toHex(transport.mac) },
    stretchCost: STRETCH_COST,
  };
}

/** Opens the purse of the card in a reader, with what binds it to this device, or binds it now. */
async function openInReader(
  reader: string,
  directory: string,
  image: SignedImage | undefined,
): Promise<Result<Element>> {
  const line = (): Promise<CardLine> => reachCard(reader);
  const path = join(directory, 'binding');
  if (!existsSync(path)) {
    const bound = await bindCard(line, transport);
    if (!bound.ok) return bound;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(path, concat(bound.value.enc, bound.value.mac), { mode: 0o600, flush: true });
  }
  const kept = new Uint8Array(await readFile(path));
  const binding = { enc: kept.slice(0, KEY_BYTES), mac: kept.slice(KEY_BYTES) };
  return openCard({ line, binding, ...(image === undefined ? {} : { image }) });
}

function randomKey(): Bytes {
  return Uint8Array.from(randomBytes(KEY_BYTES));
}
