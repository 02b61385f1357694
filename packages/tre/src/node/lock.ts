import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Releases a lock. */
export type Release = () => void;

/** SQLite's result code for a file that somebody else has locked. */
const SQLITE_BUSY = 5;

/**
 * Takes the lock of a directory, or returns null when another process, or another part of this one,
 * has it.
 *
 * The lock is the kernel's own on an open file: it ends with its process however that ends, so no
 * stale lock can stay behind. Node offers such locks only through its SQLite, which is used for
 * nothing else: its database stays empty.
 */
export function takeLock(directory: string): Release | null {
  const file = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return () => file.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
