import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseError } from '../database-error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { exists, flushFolder } from './files.ts';
import { DATA } from './location.ts';
import { isAlive } from './previous.ts';

const run = promisify(execFile);

export const SUPERUSER = 'tallystick';
/** Lies inside the data folder, so that cluster and password appear, move and vanish together. */
const PASSWORD_FILE = 'tallystick.password';
const DRAFT = /^draft-(\d+)-/;

export interface ClusterOptions {
  /** The folder that holds, or will hold, the data folder. */
  readonly folder: string;
  readonly binaries: Binaries;
  readonly account: Account | null;
  readonly freshName: string;
  readonly password: string;
  readonly log: (line: string) => void;
}

/**
 * Makes sure that the folder holds a complete cluster of this version.
 * A new cluster is prepared under another name and renamed, so that a crash leaves no half of one
 * and of two processes that start at once one wins and the other uses what it finds.
 *
 * @throws DatabaseError EMBEDDED_INIT_FAILED, EMBEDDED_OTHER_VERSION
 */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const data = join(options.folder, DATA);
  if (!(await exists(data))) {
    await removeAbandonedDrafts(options.folder);
    options.log(`creating a new database in ${data}`);
    const draft = join(options.folder, `draft-${process.pid}-${options.freshName}`);
    await initialise(draft, options);
    await rename(draft, data).catch(async (error: unknown) => {
      await rm(draft, { recursive: true });
      if (!(await exists(data))) throw error;
    });
    await flushFolder(options.folder);
  }
  await assertVersion(data, options.binaries);
}

/** The password of an existing cluster's superuser. */
export async function readPassword(data: string): Promise<string> {
  return (await readFile(join(data, PASSWORD_FILE), 'utf8')).trim();
}

async function initialise(draft: string, options: ClusterOptions): Promise<void> {
  const { binaries, account } = options;
  const passwordFile = `${draft}.password`;
  await mkdir(draft);
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (account) {
    await chown(draft, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  try {
    await run(
      binaries.initdb,
      [
        `--pgdata=${draft}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // Text compares by bytes, so that an ordering never depends on the machine.
        '--no-locale',
        '--data-checksums',
      ],
      spawnOptions(account),
    );
    await rename(passwordFile, join(draft, PASSWORD_FILE));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    throw new DatabaseError(
      'EMBEDDED_INIT_FAILED',
      `PostgreSQL could not create its files in ${options.folder}: ${reason(error)}. ` +
        'Check the free space and the rights there, or give the address of a running PostgreSQL ' +
        '(--database-url).',
      error,
    );
  }
}

/** How PostgreSQL's programs are started: as the account, from anywhere, with nothing inherited. */
export function spawnOptions(account: Account | null): {
  cwd: string;
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
} {
  // The account may not be able to enter the present folder; everybody can enter the root.
  const cwd = parse(process.cwd()).root;
  // Windows programs need their system's variables; elsewhere a stray PG* variable only does harm.
  if (process.platform === 'win32') return { cwd };
  return { cwd, env: { LC_ALL: 'C', TZ: 'UTC' }, ...account };
}

async function removeAbandonedDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = DRAFT.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function assertVersion(data: string, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  if (found === binaries.major) return;
  throw new DatabaseError(
    'EMBEDDED_OTHER_VERSION',
    `The database in ${data} was made by PostgreSQL ${found}, and this is ${binaries.major}. ` +
      `Move it over with pg_upgrade, or with the pg_dump of PostgreSQL ${found}.`,
  );
}

function reason(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const last = output.split('\n').at(-1);
  if (last !== undefined && last !== '') return last;
  return error instanceof Error ? error.message : String(error);
}
