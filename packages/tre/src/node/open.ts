import { err, type Result } from '@tallystick/protocol';
import { type ImageOptions, launch } from '../image/launch.ts';
import type { Element, ImageHost } from '../port.ts';
import { type Folder, isSystemError, nodeFolder } from './folder.ts';
import { type FolderHost, type HostOptions, type OpenKeys, openHost } from './host.ts';
import { nativeVerifier } from './native-crypto.ts';
import { vmEngine } from './vm-engine.ts';

/** An environment whose purse lies in a folder and runs in this very process. */
export interface NodeEnvironment {
  /** As enrolments and reports name it. */
  readonly name: string;
  readonly openKeys: OpenKeys;
}

/** Opens the purse in a folder. The folder is the element's from then on, also when this fails. */
export async function openIn(
  folder: Folder,
  environment: NodeEnvironment,
  options: HostOptions & ImageOptions,
): Promise<Result<Element>> {
  const host = await hostIn(folder, environment, options);
  return host.ok ? launchHere(host.value, environment, options) : host;
}

/** Runs the image on a host of that environment, in this process's engine. */
export function launchHere(
  host: ImageHost,
  { name: environment }: NodeEnvironment,
  images: ImageOptions,
): Promise<Result<Element>> {
  return launch(host, { ...images, environment, engine: vmEngine, verify: nativeVerifier(1) });
}

/** The same, as far as the host that a trusted application would run on. */
export async function hostIn(
  folder: Folder,
  { openKeys }: Pick<NodeEnvironment, 'openKeys'>,
  options: HostOptions,
): Promise<Result<FolderHost>> {
  const host = await openHost(folder, openKeys, options).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  if (!host.ok) await folder.close();
  return host;
}

/**
 * Works in a directory that nobody else may use meanwhile. Fails with BUSY where somebody does, and with
 * STORAGE_FAILED where the operating system refuses.
 */
export async function inDirectory<T>(
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
