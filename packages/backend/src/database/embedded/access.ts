import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Account } from './account.ts';

/** The part of a file's status that decides who may use it. */
export interface Permissions {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

const READ = 0o4;
const ENTER = 0o1;

/** Whether the classic permission bits give an account every wanted right (4 read, 1 execute). */
export function allows(file: Permissions, account: Account, wanted: number): boolean {
  const shift = file.uid === account.uid ? 6 : file.gid === account.gid ? 3 : 0;
  return ((file.mode >> shift) & wanted) === wanted;
}

/** Whether an account can walk from the root of the file system into this existing folder. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  if (!allows(await stat(folder), account, ENTER)) return false;
  const parent = dirname(folder);
  return parent === folder || canEnter(parent, account);
}

/** Whether an account can read an existing file, or list and enter an existing folder. */
export async function canRead(path: string, account: Account): Promise<boolean> {
  const status = await stat(path);
  const wanted = status.isDirectory() ? READ | ENTER : READ;
  return allows(status, account, wanted) && canEnter(dirname(path), account);
}
