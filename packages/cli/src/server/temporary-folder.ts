import { chmod, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FOLDER } from '../trust/places.ts';

/** Lends a folder for as long as the work takes; it may keep an embedded database in `postgres`. */
export async function withTemporaryFolder<T>(
  purpose: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `tallystick-${purpose}-`));
  try {
    // Run by root, PostgreSQL is another user, who must be able to walk in.
    await chmod(folder, 0o755);
    return await work(folder);
  } finally {
    await removeMovedDatabase(join(folder, DATABASE_FOLDER));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where PostgreSQL's user cannot walk in all the same, the data lie elsewhere, behind a link. */
async function removeMovedDatabase(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isSymbolicLink()) continue;
    const target = await realpath(join(folder, entry.name));
    await rm(target, { recursive: true, force: true });
  }
}
