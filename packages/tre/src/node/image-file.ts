import {
  attempt,
  type Bytes,
  decodePayload,
  decodeSigned,
  imageManifest,
  toHex,
} from '@tallystick/protocol';
import type { Folder } from './folder.ts';

const PREFIX = 'image-';

/**
 * Name of the file with the code that a manifest names: another for each image, so that the one before
 * stays whole until the state file names the next.
 */
export function imageFileOf(manifest: Bytes): string {
  const { sha256 } = decodePayload(decodeSigned(manifest).payload, imageManifest, 'image manifest');
  return `${PREFIX}${toHex(sha256.subarray(0, 8))}.js`;
}

/** The code in the place of the image that a manifest names, whatever it is; null where nothing is. */
export async function readImageFile(folder: Folder, manifest: Bytes): Promise<Bytes | null> {
  const name = attempt(() => imageFileOf(manifest));
  return name.ok ? folder.read(name.value) : null;
}

/** Removes the files of images that are not the one in use: an installation that never was left them. */
export async function removeOtherImages(folder: Folder, manifest: Bytes | null): Promise<void> {
  const inUse = manifest === null ? null : attempt(() => imageFileOf(manifest));
  for (const name of await folder.list()) {
    if (!name.startsWith(PREFIX)) continue;
    if (inUse?.ok !== true || inUse.value !== name) await folder.remove(name);
  }
}
