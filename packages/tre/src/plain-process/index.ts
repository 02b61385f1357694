import { type Bytes, err, type Result } from '@tallystick/protocol';
import type { Element, Host } from '../port.ts';
import { type Folder, isSystemError, nodeFolder } from './folder.ts';
import type { PlainHostOptions } from './host.ts';
import { hostIn, openIn } from './open.ts';

export type { PlainHostOptions } from './host.ts';
export { nativeVerifier } from './native-crypto.ts';
export { PLAIN_PROCESS } from './open.ts';
export { STRETCH_COST, type StretchCost } from './stretch.ts';

export interface PlainProcessOptions extends PlainHostOptions {
  /** Where the purse lives; made where there is none. On a local file system. */
  readonly directory: string;
  /** SHA-256 of the trusted application's image, as the enrolment will name it. */
  readonly measurement: Bytes;
}

/**
 * Opens a purse that lives in this very process and in plain files: **the insecure baseline**. It is
 * safe against crashes and power failures and against nobody else. The owner of the device can read
 * the keys, edit the balance, and put an old copy of the directory back. It shows what every other
 * environment must do better, and serves where nobody holds an attacker's interest: demonstrations,
 * tests, development.
 *
 * Fails with BUSY (open elsewhere), TAMPERED (files are damaged), STORAGE_FAILED (the directory
 * cannot be used).
 */
export function openPlainProcess(options: PlainProcessOptions): Promise<Result<Element>> {
  const { directory, measurement } = options;
  return inFolder(directory, (folder) => openIn(folder, measurement, options));
}

/**
 * The host alone, for whoever puts something between it and the trusted application. Fails like
 * {@link openPlainProcess}.
 */
export function openPlainHost(
  options: Omit<PlainProcessOptions, 'measurement'>,
): Promise<Result<Host>> {
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
