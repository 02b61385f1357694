import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A number that systems hand out neither to people nor to services. */
const ELEMENT_USER = 0x5_4530;

const FOR_ALL_TO_READ = 0o004;
const FOR_ALL_TO_ENTER = 0o001;

/**
 * The user that elements run as, where this process is root and may say so, and where that user can read
 * the files; null for this process's own.
 */
export function ownUser(files: readonly string[]): number | null {
  if (process.getuid?.() !== 0) return null;
  return files.every(isOpenToAll) ? ELEMENT_USER : null;
}

function isOpenToAll(file: string): boolean {
  if ((statSync(file).mode & FOR_ALL_TO_READ) === 0) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & FOR_ALL_TO_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
