import type { PublicKey, Result, SignedImage } from '@tallystick/protocol';
import { launch } from '../image/launch.ts';
import type { Folder } from '../node/folder.ts';
import { type HostOptions, openHost } from '../node/host.ts';
import { nativeVerifier } from '../node/native-crypto.ts';
import { vmEngine } from '../node/vm-engine.ts';
import type { Element, ImageHost } from '../port.ts';
import { openKeyFiles } from './key-files.ts';

/** Name of this environment in enrolments and reports. */
export const PLAIN_PROCESS = 'plain-process';

/** Whose images an environment runs, and which. */
export interface ImageOptions {
  /** The publisher's key: no other signature starts anything. */
  readonly publisher: PublicKey;
  /** An image to run from now on; without one, the image that ran last. */
  readonly image?: SignedImage;
}

/** Opens the purse in a folder. The folder is the element's from then on, also when this fails. */
export async function openIn(
  folder: Folder,
  options: HostOptions & ImageOptions,
): Promise<Result<Element>> {
  const host = await hostIn(folder, options);
  return host.ok ? launchPlain(host.value, options) : host;
}

/** Runs the image on a host of this environment. */
export function launchPlain(host: ImageHost, images: ImageOptions): Promise<Result<Element>> {
  const environment = PLAIN_PROCESS;
  return launch(host, { ...images, environment, engine: vmEngine, verify: nativeVerifier(1) });
}

/** The same, as far as the host that a trusted application would run on. */
export async function hostIn(folder: Folder, options: HostOptions): Promise<Result<ImageHost>> {
  const host = await openHost(folder, openKeyFiles, options).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  if (!host.ok) await folder.close();
  return host;
}
