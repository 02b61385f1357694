import type { Result } from '@tallystick/protocol';
import type { Folder } from '../node/folder.ts';
import { keysInFiles } from '../node/key-files.ts';
import type { HostOptions } from '../node/host.ts';
import { inDirectory, type NodeEnvironment, openIn } from '../node/open.ts';
import type { ImageOptions } from '../image/launch.ts';
import { refusingHardware } from '../node/hardware.ts';
import type { Element } from '../port.ts';
import type { OpenTpm } from '../tpm/open.ts';
import { KEYS_ONLY } from './name.ts';

export { KEYS_ONLY } from './name.ts';

export interface KeysOnlyOptions extends HostOptions, ImageOptions {
  /** The TPM that holds the keys. It stays open when the purse is closed. */
  readonly tpm: OpenTpm;
}

/**
 * Opens a purse whose keys a TPM 2.0 holds, while its state lies in plain files: **a key that cannot be
 * copied is not money that cannot be copied**. The owner of the device cannot take the key to another
 * one, but can edit the balance, and put an old copy of the directory back before the very same key.
 *
 * Fails like the plain process, and with HARDWARE_FAILED where the TPM does not answer or refuses;
 * TAMPERED where a key is not this TPM's.
 *
 * @param options.directory where the purse lives; made where there is none, on a local file system
 */
export function openKeysOnly(
  options: KeysOnlyOptions & { readonly directory: string },
): Promise<Result<Element>> {
  return inDirectory(options.directory, (folder) => openKeysOnlyIn(folder, options));
}

/** The same, in a folder that is the element's from then on. */
export function openKeysOnlyIn(folder: Folder, options: KeysOnlyOptions): Promise<Result<Element>> {
  const { attester } = options.tpm;
  return refusingHardware(() => openIn(folder, keysOnly(options.tpm), { ...options, attester }));
}

function keysOnly({ keys }: OpenTpm): NodeEnvironment {
  return { name: KEYS_ONLY, openKeys: keysInFiles(keys) };
}
