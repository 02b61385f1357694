import type { Result } from '@tallystick/protocol';
import type { HostOptions } from '../node/host.ts';
import { keysInFiles } from '../node/key-files.ts';
import type { ImageOptions } from '../image/launch.ts';
import { hostIn, inDirectory, type NodeEnvironment, openIn } from '../node/open.ts';
import type { Element, Host } from '../port.ts';
import { pemKeys } from '../node/native-keys.ts';

export type { HostOptions } from '../node/host.ts';
export { nativeVerifier } from '../node/native-crypto.ts';
export type { ImageOptions } from '../image/launch.ts';
export { STRETCH_COST, type StretchCost } from '../surroundings.ts';

/** Name of this environment in enrolments and reports. */
export const PLAIN_PROCESS = 'plain-process';

/** Keys in files beside the state. */
export const PLAIN: NodeEnvironment = { name: PLAIN_PROCESS, openKeys: keysInFiles(pemKeys) };

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
  return inDirectory(options.directory, (folder) => openIn(folder, PLAIN, options));
}

/**
 * The host alone, for whoever puts something between it and the trusted application. Fails like
 * {@link openPlainProcess}.
 */
export function openPlainHost(options: PlainHostOptions): Promise<Result<Host>> {
  return inDirectory(options.directory, (folder) => hostIn(folder, PLAIN, options));
}
