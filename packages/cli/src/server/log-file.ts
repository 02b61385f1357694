import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the log in a data folder; the one of the start before stands beside it with `.1`. */
export const LOG_FILE = 'serve.log';

/** Begins a new log and gives what writes a line to it. */
export function startLog(folder: string, nowMs: () => number): (line: string) => void {
  const path = join(folder, LOG_FILE);
  try {
    renameSync(path, `${path}.1`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  writeFileSync(path, '');
  // At once, so that the last words before a crash are there.
  return (line) => appendFileSync(path, `${new Date(nowMs()).toISOString()} ${line}\n`);
}
