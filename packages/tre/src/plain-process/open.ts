import type { Bytes, Result } from '@tallystick/protocol';
import { openElement } from '../element.ts';
import type { Element, Host } from '../port.ts';
import type { Folder } from './folder.ts';
import { openHost, type PlainHostOptions } from './host.ts';

/** Name of this environment in enrolments and reports. */
export const PLAIN_PROCESS = 'plain-process';

/** Opens the purse in a folder. The folder is the element's from then on, also when this fails. */
export async function openIn(
  folder: Folder,
  measurement: Bytes,
  options: PlainHostOptions,
): Promise<Result<Element>> {
  const host = await hostIn(folder, options);
  if (!host.ok) return host;
  return openElement(host.value, { environment: PLAIN_PROCESS, measurement });
}

/** The same, as far as the host that a trusted application would run on. */
export async function hostIn(folder: Folder, options: PlainHostOptions): Promise<Result<Host>> {
  const host = await openHost(folder, options).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  if (!host.ok) await folder.close();
  return host;
}
