import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseError } from '../database-error.ts';
import { canEnter } from './access.ts';
import type { Account } from './account.ts';

const PERSISTENT = '/var/lib/tallystick';
const OTHERS_MAY_WRITE = 0o022;

/** Where root keeps what another user must reach; the second only where the first is impossible. */
export function sharedRoots(): readonly string[] {
  return [PERSISTENT, join(tmpdir(), 'tallystick')];
}

/**
 * The first of the candidates that root owns alone and the account can enter, created if needed.
 *
 * @throws DatabaseError EMBEDDED_UNREACHABLE
 */
export async function openSharedRoot(
  candidates: readonly string[],
  account: Account,
  log: (line: string) => void,
): Promise<string> {
  for (const candidate of candidates) {
    if (!(await isUsable(candidate, account))) continue;
    if (candidate !== PERSISTENT) {
      log(
        `keeping PostgreSQL's files in ${candidate}, which the system may empty when it restarts`,
      );
    }
    return candidate;
  }
  throw new DatabaseError(
    'EMBEDDED_UNREACHABLE',
    `PostgreSQL runs as user number ${account.uid}, which can enter none of ` +
      `${candidates.join(', ')}. Make one of them a folder of root with mode 755, ` +
      'or give the address of a running PostgreSQL (--database-url).',
  );
}

async function isUsable(folder: string, account: Account): Promise<boolean> {
  try {
    if ((await mkdir(folder, { recursive: true })) !== undefined) await chmod(folder, 0o755);
    const status = await lstat(folder);
    // Anybody can create a folder of this name in the temporary folder: only root's own will do.
    const rootsAlone = status.isDirectory() && status.uid === 0;
    if (!rootsAlone || (status.mode & OTHERS_MAY_WRITE) !== 0) return false;
    return await canEnter(folder, account);
  } catch {
    return false;
  }
}
