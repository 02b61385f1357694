import { chmod, mkdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseError } from '../database-error.ts';
import { canEnter } from './access.ts';
import type { Account } from './account.ts';
import { flushFolder } from './files.ts';
import { DATA, POINTER, resolveLocation } from './location.ts';

/** What a directory that was given for a database holds. */
export interface Home {
  readonly directory: string;
  /** The data folder in use, inside or outside, and whose it is. */
  readonly existing: { readonly path: string; readonly owner: Account } | null;
  readonly holdsData: boolean;
  readonly pointer: { readonly folder: string; readonly holdsData: boolean } | null;
}

export async function inspectHome(directory: string): Promise<Home> {
  const inside = await dataIn(directory);
  const target = await readlink(join(directory, POINTER)).catch(() => null);
  const outside = target === null ? null : await dataIn(target);
  return {
    directory,
    existing: inside ?? outside,
    holdsData: inside !== null,
    pointer: target === null ? null : { folder: target, holdsData: outside !== null },
  };
}

/**
 * The folder to keep the cluster in, which exists on return.
 *
 * @throws DatabaseError EMBEDDED_UNREACHABLE, EMBEDDED_DATA_MISSING
 */
export async function chooseFolder(
  home: Home,
  account: Account | null,
  openSharedRoot: (account: Account) => Promise<string>,
  freshName: string,
): Promise<string> {
  const { directory, holdsData, pointer } = home;
  const reachable = account === null || (await canEnter(directory, account));
  const stays = reachable || home.existing !== null || pointer !== null;
  const sharedRoot = stays || account === null ? '' : await openSharedRoot(account);
  const facts = { directory, holdsData, pointer, reachable, sharedRoot, freshName };
  const location = resolveLocation(facts);
  if (location.kind === 'unreachable') {
    throw new DatabaseError(
      'EMBEDDED_UNREACHABLE',
      `The database in ${directory} runs as user number ${account?.uid ?? 'unknown'}, which ` +
        'cannot enter that folder. Let it (chmod o+x on the folders above), then start again.',
    );
  }
  if (location.kind === 'missing') {
    throw new DatabaseError(
      'EMBEDDED_DATA_MISSING',
      `The database of ${directory} was kept in ${location.folder} and is gone from there. ` +
        `Restore it, or delete ${join(directory, POINTER)} to start with an empty one.`,
    );
  }
  if (location.kind === 'outside' && pointer === null) await openToAll(location.folder);
  return location.folder;
}

/**
 * Makes the directory point to a complete cluster outside it, and returns the folder it points to:
 * another one when another process was first. A crash before leaves an unused folder, no lost data.
 */
export async function settleOutside(
  home: Home,
  folder: string,
  log: (line: string) => void,
): Promise<string> {
  if (folder === home.directory || home.pointer !== null) return folder;
  const pointer = join(home.directory, POINTER);
  try {
    await symlink(folder, pointer);
  } catch {
    const winner = await readlink(pointer);
    await rm(folder, { recursive: true });
    return winner;
  }
  await flushFolder(home.directory);
  log(`the database is kept in ${folder}, as its user cannot enter ${home.directory}`);
  return folder;
}

async function dataIn(folder: string): Promise<Home['existing']> {
  const path = join(folder, DATA);
  const status = await stat(path).catch(() => null);
  return status && { path, owner: { uid: status.uid, gid: status.gid } };
}

/** Whatever the file mode mask of root is, the database's user must be able to walk in. */
async function openToAll(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const each of [dirname(folder), folder]) await chmod(each, 0o755);
}
