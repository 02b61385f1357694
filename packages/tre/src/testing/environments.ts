import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCbor, type Result, sha256 } from '@tallystick/protocol';
import type { Offer, OpenFresh, Specimen } from '../conformance.ts';
import { KEYS_ONLY, openKeysOnlyIn } from '../keys-only/index.ts';
import { startEmulator } from '../tpm/emulator.ts';
import { openTpm } from '../tpm/open.ts';
import type { Folder } from '../node/folder.ts';
import type { HostOptions } from '../node/host.ts';
import type { ImageOptions } from '../image/launch.ts';
import { inDirectory, openIn } from '../node/open.ts';
import { PLAIN, PLAIN_PROCESS } from '../plain-process/index.ts';
import type { Element } from '../port.ts';
import { SMARTCARD } from '../smartcard/index.ts';
import { openTeeIn, TEE } from '../tee/index.ts';
import { openVirtualElementIn, VIRTUAL_SE } from '../virtual-se/index.ts';
import { CardDevice, skipCard } from './emulated-card.ts';
import { skipTpm } from './emulated-tpm.ts';
import { TEST_PUBLISHER, testImage } from './image.ts';
import { CHEAP_STRETCH } from './plain-specimen.ts';

/** What a test does with an environment: the same for each. */
export interface TestedEnvironment {
  readonly name: string;
  readonly offers: readonly Offer[];
  /** Whether its tests are to be skipped, visibly, since something is not installed. */
  readonly skip: boolean;
  /** Whether its purses are in the app's folder; else whatever happens to that is no loss of power to them. */
  readonly keepsInFolder: boolean;
  /** Starts what a purse needs on a device, with what that keeps besides in that folder. */
  readonly start: (folder: string) => Promise<StartedEnvironment>;
}

/** An environment on one device. */
interface StartedEnvironment {
  readonly openIn: (
    folder: Folder,
    options: HostOptions & ImageOptions,
  ) => Promise<Result<Element>>;
  readonly stop: () => Promise<void>;
}

const SEALING_KEY = sha256(encodeCbor('what the platform keeps'));
const nothing = (): Promise<void> => Promise.resolve();

/** Every environment that keeps purses in folders. */
export const TESTED: readonly TestedEnvironment[] = [
  {
    name: PLAIN_PROCESS,
    offers: ['clock', 'ed25519'],
    skip: false,
    keepsInFolder: true,
    start: async () => ({
      openIn: (folder, options) => openIn(folder, PLAIN, options),
      stop: nothing,
    }),
  },
  {
    name: KEYS_ONLY,
    offers: ['clock'],
    skip: skipTpm,
    keepsInFolder: true,
    start: async (kept) => {
      const { line, stop } = await startEmulator(join(kept, 'tpm'));
      const tpm = await openTpm(line);
      return {
        openIn: (folder, options) => openKeysOnlyIn(folder, { ...options, tpm }),
        stop: async () => {
          await tpm.close();
          await stop();
        },
      };
    },
  },
  {
    name: TEE,
    offers: ['clock'],
    skip: skipTpm,
    keepsInFolder: true,
    // The way to a TPM is one purse's own: each has a device of its own, whose TPM runs while it is open.
    start: async (kept) => ({
      openIn: (folder, options) => {
        const tpm = async () => (await startEmulator(join(kept, 'tpm'))).line;
        return openTeeIn(folder, { ...options, tpm });
      },
      stop: nothing,
    }),
  },
  {
    name: SMARTCARD,
    // A card has no clock.
    offers: ['ed25519'],
    skip: skipCard,
    keepsInFolder: false,
    start: async (kept) => {
      const device = await CardDevice.start(kept);
      return {
        openIn: (folder, { image }) => device.openIn(folder, image),
        stop: () => device.stop(),
      };
    },
  },
  {
    name: VIRTUAL_SE,
    offers: ['clock', 'ed25519'],
    skip: false,
    keepsInFolder: true,
    start: async () => ({
      openIn: (folder, options) =>
        openVirtualElementIn(folder, { ...options, sealingKey: SEALING_KEY }),
      stop: nothing,
    }),
  },
];

/** The tested environment of that name. */
export function tested(name: string): TestedEnvironment {
  const found = TESTED.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`no environment ${name}`);
  return found;
}

/** Makes specimens, each a purse in a directory of the file system, on a device of its own. */
export function directorySpecimens({ start }: TestedEnvironment): OpenFresh {
  return async ({ clock }) => {
    const device = await mkdtemp(join(tmpdir(), 'device-'));
    const directory = join(device, 'purse');
    const { openIn: open, stop } = await start(device);
    const images = { publisher: TEST_PUBLISHER, image: await testImage() };
    let last: Element | null = null;
    const specimen: Specimen = {
      open: async () => {
        const opened = await inDirectory(directory, (folder) =>
          open(folder, { ...images, clock, stretchCost: CHEAP_STRETCH }),
        );
        if (opened.ok) last = opened.value;
        return opened;
      },
      dispose: async () => {
        await last?.close();
        await stop();
        await rm(device, { recursive: true });
      },
    };
    return specimen;
  };
}
