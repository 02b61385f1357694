import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BinaryPackage,
  copyBinaries,
  findBinaryPackage,
  prepareInstalled,
} from './binaries.ts';

const run = promisify(execFile);

describe('the programs of PostgreSQL', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallystick-binaries-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** The package as an installer leaves it that runs no scripts and has a strict file mode mask. */
  async function bareInstall(name: string): Promise<BinaryPackage> {
    const source = await findBinaryPackage();
    const root = join(folder, name);
    await cp(source.root, root, { recursive: true, verbatimSymlinks: true });
    const library = join(root, 'native', 'lib');
    for (const entry of await readdir(library, { withFileTypes: true })) {
      if (entry.isSymbolicLink()) await rm(join(library, entry.name));
    }
    await chmod(join(root, 'native', 'lib'), 0o700);
    await chmod(join(root, 'native', 'bin', 'postgres'), 0o600);
    return { ...source, root };
  }

  test('are there for this machine, in one version', async () => {
    const { postgres, major } = await prepareInstalled(await findBinaryPackage());
    const { stdout } = await run(postgres, ['--version']);
    expect(stdout).toContain(`(PostgreSQL) ${major}.`);
  });

  test('run although no install script ran', async () => {
    const { postgres, initdb } = await prepareInstalled(await bareInstall('installed'));
    expect((await run(postgres, ['--version'])).stdout).toContain('PostgreSQL');
    expect((await run(initdb, ['--version'])).stdout).toContain('PostgreSQL');
  });

  test('are copied for everybody, once, by whoever is first', async () => {
    const source = await bareInstall('closed');
    const shared = await mkdtemp(join(folder, 'shared-'));
    const copies = await Promise.all(
      ['one', 'two', 'three'].map((name) => copyBinaries(source, shared, name)),
    );
    expect(new Set(copies.map(({ postgres }) => postgres)).size).toBe(1);
    expect(await readdir(shared)).toHaveLength(1);
    const { postgres } = await copyBinaries(source, shared, 'four');
    expect((await run(postgres, ['--version'])).stdout).toContain('PostgreSQL');
    expect((await stat(postgres)).mode & 0o777).toBe(0o755);
    expect((await stat(join(postgres, '../../lib'))).mode & 0o777).toBe(0o755);
  });

  test('are said to be missing for a machine nobody builds for', async () => {
    await expect(findBinaryPackage('sunos', 'sparc')).rejects.toMatchObject({
      code: 'EMBEDDED_UNSUPPORTED_PLATFORM',
      message: expect.stringContaining('--database-url') as string,
    });
  });

  test('are said to be missing where npm left them out', async () => {
    const other = process.platform === 'win32' ? 'linux' : 'win32';
    await expect(findBinaryPackage(other, 'x64')).rejects.toMatchObject({
      code: 'EMBEDDED_BINARIES_MISSING',
      message: expect.stringContaining('npm install') as string,
    });
  });
});
