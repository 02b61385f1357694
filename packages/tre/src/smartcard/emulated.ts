import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bundleProgram } from '../isolated/bundle.ts';
import type { ChipArguments } from './chip/arguments.ts';
import { CardFailure } from './failure.ts';

/** Virtual readers with a PC/SC daemon of their own, and what is put into them. */
export interface EmulatedReaders {
  /** Where libpcsclite finds them: `PCSCLITE_CSOCK_NAME`. */
  readonly socket: string;
  /** Name of each reader, as PC/SC lists them. */
  readonly names: readonly string[];
  readonly pid: number;
  /** Puts a card into a reader. */
  insert(reader: string, card: Omit<ChipArguments, 'port'>): Promise<EmulatedCard>;
  stop(): Promise<void>;
}

export interface EmulatedCard {
  readonly pid: number;
  /** Whether it still runs: a chip that gives up is mute until it is put in again. */
  readonly isAlive: boolean;
  readonly ended: Promise<void>;
  /** Pulls it out, in the middle of whatever it does. */
  pull(): Promise<void>;
}

const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const PCSCD = '/usr/sbin/pcscd';
/** What they need, by Debian's names. */
const NEEDED: readonly (readonly [file: string, name: string])[] = [
  [PCSCD, 'pcscd'],
  [DRIVER, 'vsmartcard-vpcd'],
  ['/usr/bin/unshare', 'util-linux'],
  ['/usr/bin/ip', 'iproute2'],
];

/** A virtual reader has two slots, on ports that follow each other. */
const FIRST_PORT = 0x8c7b;
const SLOTS = 2;
const START_MS_MAX = 10_000;
const POLL_MS = 10;
/**
 * The daemon looks for cards every 400 ms, and mistakes one that comes sooner for the one before: nobody
 * swaps cards that fast.
 */
const SWAP_MS = 900;

/**
 * In namespaces of its own there is a network that nobody else has, so the driver's ports are free and out
 * of everybody's reach, and a place for the daemon's socket. Acknowledging at once spares 48 ms an APDU: the
 * driver sends length and content apart, and waits in between.
 */
const IN_NAMESPACES = `
ip link set lo up
for net in 127.0.0.0/8 127.0.0.1; do
  ip route replace local $net dev lo table local proto kernel scope host src 127.0.0.1 quickack 1
done
mkdir -p /run/pcscd
mount -t tmpfs tmpfs /run/pcscd
touch /run/pcscd/own
exec ${PCSCD} --foreground --config "$1"`;

/** Why virtual readers cannot be had here, with what to do; null where they can. */
export function whyNoReaders(): string | null {
  const missing = NEEDED.filter(([file]) => !existsSync(file)).map(([, name]) => name);
  if (missing.length > 0)
    return `virtual readers are not here: apt-get install ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) return 'virtual readers need root, for namespaces of their own';
  return null;
}

/** Starts virtual readers, with two slots each. Rejects with CardFailure, which says what to install. */
export async function startReaders(folder: string, count: number): Promise<EmulatedReaders> {
  const why = whyNoReaders();
  if (why !== null) throw new CardFailure(why);
  const config = join(folder, 'readers');
  await mkdir(config, { recursive: true, mode: 0o700 });
  for (let reader = 0; reader < count; reader++) {
    // The driver remembers two slots in all, wherever they are: each reader has a driver of its own.
    const driver = join(folder, `driver-${reader}.so`);
    await copyFile(DRIVER, driver);
    await writeFile(join(config, `reader-${reader}`), entryOf(reader, driver));
  }
  // It ends with this process, however that ends.
  const args = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--net', '--propagation', 'private'];
  const said = await open(join(folder, 'said'), 'w+');
  const child = spawn('setpriv', [...args, 'sh', '-ec', IN_NAMESPACES, 'sh', config], {
    stdio: ['ignore', said.fd, said.fd],
  });
  // They are no reason for this process to go on.
  child.unref();
  const ended = endOf(child);
  const place = `/proc/${child.pid}/root/run/pcscd`;
  const socket = `${place}/pcscd.comm`;
  // Before it has a place of its own, that is the machine's, where another daemon may run.
  const isUp = (): boolean => existsSync(`${place}/own`) && existsSync(socket);
  for (let waitedMs = 0; !isUp(); waitedMs += POLL_MS) {
    const isOver = await Promise.race([ended.then(() => true), pause(POLL_MS, false)]);
    if (isOver || waitedMs > START_MS_MAX) {
      child.kill('SIGKILL');
      const why = await readFile(join(folder, 'said'), 'utf8');
      await said.close();
      throw new CardFailure(`the PC/SC daemon did not start: ${why.trim()}`);
    }
  }
  await said.close();
  const names = Array.from({ length: count * SLOTS }, (_, slot) => nameOf(slot));
  const cards = new Set<EmulatedCard>();
  const free = new Map<string, Promise<void>>();
  return {
    socket,
    names,
    pid: child.pid ?? 0,
    insert: async (reader, card) => {
      const port = FIRST_PORT + names.indexOf(reader);
      await free.get(reader);
      const inserted = await startCard(child.pid ?? 0, { ...card, port });
      cards.add(inserted);
      free.set(reader, freeAgain(inserted));
      return inserted;
    },
    stop: async () => {
      for (const card of cards) await card.pull();
      child.ref();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** When a reader takes another card: once the one in it is out, and the daemon has noticed. */
async function freeAgain(card: EmulatedCard): Promise<void> {
  await card.ended;
  await pause(SWAP_MS);
}

function entryOf(reader: number, driver: string): string {
  const port = `0x${(FIRST_PORT + SLOTS * reader).toString(16).toUpperCase()}`;
  return `FRIENDLYNAME "Tallystick ${reader}"
DEVICENAME /dev/null:${port}
LIBPATH ${driver}
CHANNELID ${port}
`;
}

/** As the daemon makes it up: friendly name, number among those of one name, number of the slot. */
function nameOf(slot: number): string {
  return `Tallystick ${Math.floor(slot / SLOTS)} 00 0${slot % SLOTS}`;
}

async function startCard(readers: number, given: ChipArguments): Promise<EmulatedCard> {
  const program = await bundleProgram({ main: new URL('./chip/main.ts', import.meta.url) });
  const inside = ['--target', String(readers), '--net', process.execPath, program];
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'nsenter', ...inside, JSON.stringify(given)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  child.unref();
  const ended = endOf(child);
  return {
    pid: child.pid ?? 0,
    ended,
    get isAlive() {
      return child.exitCode === null && child.signalCode === null;
    },
    pull: async () => {
      child.ref();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await once(child, 'exit').catch(() => undefined);
}
