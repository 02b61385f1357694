import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from '../database-error.ts';

const LOCK_FILE = 'postmaster.pid';
const POLL_MS = 50;
/** A server whose starter was killed notices it within milliseconds; this allows for a busy machine. */
const NOTICE_MS = 3_000;
/** A server that is stopping writes everything back to its files first. */
const STOP_MS = 120_000;

/** What a running PostgreSQL says about itself in its data folder. */
export interface PreviousServer {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** The PostgreSQL that runs on a data folder now, or null. */
export async function findServer(data: string): Promise<PreviousServer | null> {
  const server = await readLockFile(data);
  if (server === null || !isAlive(server.pid)) return null;
  return (await isOtherProgram(server.pid, data)) ? null : server;
}

/** The PostgreSQL that accepts connections on a data folder, once it has started; null if none will. */
export async function findReadyServer(data: string): Promise<PreviousServer | null> {
  for (;;) {
    const server = await findServer(data);
    if (server === null || server.status === 'stopping') return null;
    if (server.status === 'ready') return server;
    await pause(POLL_MS);
  }
}

/**
 * Waits until no PostgreSQL runs on a data folder: one whose starter was killed is on its way out.
 * A lock file left by a machine that stopped is removed if its number now names another program,
 * which PostgreSQL itself cannot tell.
 *
 * @throws DatabaseError EMBEDDED_IN_USE when a server goes on running
 */
export async function awaitPrevious(data: string, noticeMs: number = NOTICE_MS): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const server = await findServer(data);
    if (server === null) return removeForeignLock(data);
    const limitMs = server.status === 'stopping' ? STOP_MS : noticeMs;
    if (waitedMs >= limitMs) throw inUse(data, server.pid);
    await pause(POLL_MS);
  }
}

/** The error for a second server on one data folder. */
export function inUse(data: string, pid: number | null): DatabaseError {
  const who = pid === null ? 'another PostgreSQL' : `process ${pid}`;
  return new DatabaseError(
    'EMBEDDED_IN_USE',
    `The database in ${data} is in use by ${who}. Stop the program that runs it, ` +
      'or use another folder.',
  );
}

/** Whether a process of this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Where the system tells: a PostgreSQL server always works inside its data folder. A process that
 * has ended works nowhere, but keeps its number until its parent asks about it, perhaps for ever.
 */
async function isOtherProgram(pid: number, data: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) !== (await realpath(data));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/** Should a server start in between, its own lock on shared memory still protects the data. */
async function removeForeignLock(data: string): Promise<void> {
  const lock = await readLockFile(data);
  if (lock === null || !isAlive(lock.pid)) return;
  if (await isOtherProgram(lock.pid, data)) await rm(join(data, LOCK_FILE));
}

/** Reads PostgreSQL's lock file; null where there is none, or not yet a whole one. */
async function readLockFile(data: string): Promise<PreviousServer | null> {
  const text = await readFile(join(data, LOCK_FILE), 'utf8').catch(() => '');
  const [pid, , , port, , , , status] = text.split('\n');
  if (pid === undefined || !/^\d+$/.test(pid)) return null;
  return { pid: Number(pid), port: Number(port ?? 0), status: (status ?? '').trim() };
}
