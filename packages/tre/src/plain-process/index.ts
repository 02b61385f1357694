import { err, type Result } from '@tallystick/protocol';
import { type Folder, isSystemError, nodeFolder } from '../node/folder.ts';
import type { HostOptions } from '../node/host.ts';
import type { Element, Host } from '../port.ts';
import { hostIn, type ImageOptions, openIn } from './open.ts';

export type { HostOptions } from '../node/host.ts';
export { nativeVerifier } from '../node/native-crypto.ts';
export { type ImageOptions, PLAIN_PROCESS } from './open.ts';
export { STRETCH_COST, type StretchCost } from '../node/stretch.ts';

export interface PlainHostOptions extends HostOptions {
  /** Where the purse lives; made where there is none. On a local file system. */
  readonly directory: string;
}

/**
 * Opens a purse that lives in this very process and in plain files: **the insecure baseline**. It is
 * safe against crashes and power failures and against nobody else. The owner of the device can read
 * the keys, edit the balance, and put an old copy of the directory back. It shows what every other
 * environment must do better, and serves where nobody holds an attacker's interest: demonstrations,
 * tests, development.
 *
 * Fails with BUSY (open elsewhere), TAMPERED (files are damaged), STORAGE_FAILED (the directory
 * cannot be used), and what an image may be refused with (TS-IMG-2, TS-IMG-3).
 */
export function openPlainProcess(
  options: PlainHostOptions & ImageOptions,
): Promise<Result<Element>> {
  return inFolder(options.directory, (folder) => openIn(folder, options));
}

/**
 * The host alone, for whoever puts something between it and the trusted application. Fails like
 * {@link openPlainProcess}.
 */
export function openPlainHost(options: PlainHostOptions): Promise<Result<Host>> {
  return inFolder(options.directory, (folder) => hostIn(folder, options));
}

async function inFolder<T>(
  directory: string,
  work: (folder: Folder) => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    const folder = await nodeFolder(directory);
    if (folder === null) {
      const message = `the purse in ${directory} is open already; close it there first`;
      return { ok: false, error: { code: 'BUSY', message } };
    }
    return await work(folder);
  } catch (error) {
    if (isSystemError(error)) return err('STORAGE_FAILED', error.message);
    throw error;
  }
}
