import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awaitPrevious, findReadyServer, findServer } from './previous.ts';

describe('a lock file', () => {
  let data = '';
  let lock = '';
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'tallystick-lock-'));
    lock = join(data, 'postmaster.pid');
  });
  afterEach(() => rm(data, { recursive: true }));

  /** Replaces the lock file in one step, so that nobody reads half of it. */
  async function write(pid: number, status: string): Promise<void> {
    const lines = [pid, data, 1_700_000_000, 5432, '', '127.0.0.1', '  1 2', status, ''];
    await writeFile(`${lock}.draft`, lines.join('\n'));
    await rename(`${lock}.draft`, lock);
  }

  /** A process that works in the data folder, as a server does. */
  async function impostor(use: (pid: number) => Promise<void>): Promise<void> {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { cwd: data });
    await once(child, 'spawn');
    try {
      await use(child.pid ?? 0);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  test('that is missing, or not yet whole, names no server', async () => {
    expect(await findServer(data)).toBeNull();
    await writeFile(lock, '');
    expect(await findServer(data)).toBeNull();
    await awaitPrevious(data);
  });

  test('of a process that is gone is left to PostgreSQL', async () => {
    await impostor((pid) => write(pid, 'ready   '));
    await awaitPrevious(data);
    await access(lock);
    expect(await findServer(data)).toBeNull();
  });

  test('of a running server names it, and is waited for in vain', async () => {
    await impostor(async (pid) => {
      await write(pid, 'ready   ');
      expect(await findServer(data)).toEqual({ pid, port: 5432, status: 'ready' });
      await expect(awaitPrevious(data, 0)).rejects.toMatchObject({
        code: 'EMBEDDED_IN_USE',
        message: expect.stringContaining(`in use by process ${pid}`) as string,
      });
      await access(lock);
    });
  });

  test('of a server that is stopping is waited for until it is gone', async () => {
    const events: string[] = [];
    let waiting: Promise<unknown> = Promise.resolve();
    await impostor(async (pid) => {
      await write(pid, 'stopping');
      waiting = awaitPrevious(data, 0).then(() => events.push('free'));
      await pause(200);
      events.push('killed');
    });
    await waiting;
    expect(events).toEqual(['killed', 'free']);
  });

  test('of a server that is starting is read again until it is ready, or gone', async () => {
    await impostor(async (pid) => {
      await write(pid, 'starting');
      const found = findReadyServer(data);
      await pause(100);
      await write(pid, 'ready   ');
      expect(await found).toMatchObject({ pid, status: 'ready' });
      await write(pid, 'stopping');
      expect(await findReadyServer(data)).toBeNull();
      await write(pid, 'starting');
    });
    expect(await findReadyServer(data)).toBeNull();
  });

  test.runIf(process.platform === 'linux')(
    'whose number now belongs to another program is removed',
    async () => {
      await write(process.pid, 'ready   ');
      expect(await findServer(data)).toBeNull();
      await awaitPrevious(data);
      await expect(access(lock)).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
