import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@tallystick/protocol';
import type { PendingStore } from '@tallystick/wallet';

/** What a wallet must find again, one file each, durable before it counts. */
export async function fileStore(directory: string): Promise<PendingStore> {
  await mkdir(directory, { recursive: true });
  const pathOf = (key: string): string => join(directory, encodeURIComponent(key));
  const syncNames = async (): Promise<void> => {
    const handle = await open(directory, 'r');
    await handle.sync();
    await handle.close();
  };
  return {
    put: async (key, value) => {
      const path = pathOf(key);
      const file = await open(`${path}.new`, 'w', 0o600);
      await file.writeFile(value);
      await file.sync();
      await file.close();
      await rename(`${path}.new`, path);
      await syncNames();
    },
    get: (key) => readOrNull(pathOf(key)),
    list: async (prefix) => {
      const names = await readdir(directory);
      const keys = names.filter((name) => !name.endsWith('.new')).map(decodeURIComponent);
      return keys.filter((key) => key.startsWith(prefix));
    },
    remove: async (key) => {
      await rm(pathOf(key), { force: true });
      await syncNames();
    },
  };
}

async function readOrNull(path: string): Promise<Bytes | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
