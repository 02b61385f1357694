import { rename, writeFile } from 'node:fs/promises';

/** Replaces a file as a whole: a reader finds the old text or the new one, never half of it. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.new`;
  await writeFile(beside, content);
  await rename(beside, path);
}
