import { open, stat } from 'node:fs/promises';

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A new name survives a power cut only when the folder that holds it is flushed. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and keeps names in a journal of its own.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
