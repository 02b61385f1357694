import type { Bytes, Result } from '@tallystick/protocol';
import { openIsolated } from '../isolated/open.ts';
import { spawnElement } from '../isolated/spawn.ts';
import type { Folder } from '../node/folder.ts';
import type { HostOptions } from '../node/host.ts';
import { inDirectory } from '../node/open.ts';
import type { ImageOptions } from '../image/launch.ts';
import type { Element } from '../port.ts';
import { VIRTUAL_SE_PROGRAM } from './program.ts';

export { VIRTUAL_SE } from './name.ts';
export { passphraseKey, tpmKey } from './sealing-keys.ts';

export interface VirtualElementOptions extends HostOptions, ImageOptions {
  /** 32 bytes that the platform keeps, and that the state is sealed under; see {@link passphraseKey}, {@link tpmKey}. */
  readonly sealingKey: Bytes;
}

/**
 * Opens a purse in a virtual secure element: the trusted application in a virtual machine of its own
 * (QuickJS in WebAssembly), in a process of its own with Node's permission model on, which alone has the
 * keys and the state in the clear. This process keeps the sealed state, and passes bytes.
 *
 * What it stops is whoever has the files. It does not stop root, or whoever may debug the process; and
 * an old sealed state opens like a new one.
 *
 * Fails with BUSY, STORAGE_FAILED, TAMPERED (the state was changed, or sealed under another key), and
 * what an image may be refused with (TS-IMG-2, TS-IMG-3).
 *
 * @param options.directory where sealed state and log lie; made where there is none, on a local file system
 */
export function openVirtualElement(
  options: VirtualElementOptions & { readonly directory: string },
): Promise<Result<Element>> {
  return inDirectory(options.directory, (folder) => openVirtualElementIn(folder, options));
}

/** The same, in a folder that is the element's from then on. */
export function openVirtualElementIn(
  folder: Folder,
  options: VirtualElementOptions,
): Promise<Result<Element>> {
  const { sealingKey } = options;
  const start = () => spawnElement(VIRTUAL_SE_PROGRAM);
  return openIsolated(folder, { start, sealingKey }, options);
}
