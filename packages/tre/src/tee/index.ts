import type { Result } from '@tallystick/protocol';
import { openIsolated } from '../isolated/open.ts';
import { type ElementProgram, spawnElement } from '../isolated/spawn.ts';
import type { Folder } from '../node/folder.ts';
import type { HostOptions } from '../node/host.ts';
import { inDirectory } from '../node/open.ts';
import type { ImageOptions } from '../image/launch.ts';
import { refusingHardware } from '../node/hardware.ts';
import type { Element } from '../port.ts';
import type { TpmLine } from '../tpm/transport.ts';

import { NO_COUNTER } from './arguments.ts';

export { TEE } from './name.ts';

export interface TeeOptions extends HostOptions, ImageOptions {
  /** Opens a way to the TPM, which is the element's from then on; see {@link reachTpm}. */
  readonly tpm: () => Promise<TpmLine>;
  /**
   * Whether the TPM vouches for the one state that counts (TS-TRE-7); it does unless this is false. Only whoever
   * wants to show what that contributes has a reason to turn it off: any old state opens then.
   */
  readonly counter?: boolean;
}

const PROGRAM: ElementProgram = { main: new URL('./main.ts', import.meta.url) };

/**
 * Opens a purse in an emulation of a trusted execution environment: the trusted application in a process of
 * its own that alone has the way to a TPM 2.0. The TPM has the keys; it gives the state's key back only for
 * the one state that counts, so that an old copy does not open.
 *
 * **An emulation**: what keeps others out of the process is the operating system, and whoever is root on it
 * can use the TPM as the process does. In a real TEE hardware does that.
 *
 * Fails with BUSY, STORAGE_FAILED, HARDWARE_FAILED (the TPM does not answer or refuses), TAMPERED (the state was
 * changed, is an older one, or another TPM's), and what an image may be refused with (TS-IMG-2, TS-IMG-3).
 *
 * @param options.directory where sealed state and log lie; made where there is none, on a local file system
 */
export function openTee(
  options: TeeOptions & { readonly directory: string },
): Promise<Result<Element>> {
  return inDirectory(options.directory, (folder) => openTeeIn(folder, options));
}

/** The same, in a folder that is the element's from then on. */
export function openTeeIn(folder: Folder, options: TeeOptions): Promise<Result<Element>> {
  const args = options.counter === false ? [NO_COUNTER] : [];
  const start = async () => spawnElement(PROGRAM, await options.tpm(), args);
  return refusingHardware(() => openIsolated(folder, { start, sealingKey: null }, options));
}
