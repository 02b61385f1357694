import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PendingStore } from '@tallystick/wallet';

/** A wallet's store in a folder, one file for each key, replaced as a whole. */
export async function fileStore(folder: string): Promise<PendingStore> {
  await mkdir(folder, { recursive: true });
  let written = 0;
  const pathOf = (key: string): string => join(folder, encodeURIComponent(key));
  return {
    put: async (key, value) => {
      const draft = join(folder, `.new-${process.pid}-${written++}`);
      const file = await open(draft, 'w');
      try {
        await file.writeFile(value);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, pathOf(key));
    },
    get: (key) =>
      readFile(pathOf(key)).then(
        (bytes) => Uint8Array.from(bytes),
        (error: unknown) => absent(error),
      ),
    list: async (prefix) =>
      (await readdir(folder))
        .filter((name) => !name.startsWith('.'))
        .map((name) => decodeURIComponent(name))
        .filter((key) => key.startsWith(prefix)),
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
