import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DatabaseError } from '../database-error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { spawnOptions } from './cluster.ts';
import { findServer, inUse } from './previous.ts';

const run = promisify(execFile);

const READY = 'database system is ready to accept connections';
const PORT_TAKEN = 'could not create any TCP/IP sockets';
const LOCKED = 'lock file "postmaster.pid" already exists';
const STILL_ATTACHED = 'pre-existing shared memory block';
const ATTEMPTS = 10;
const RETRY_PAUSE_MS = 300;
const LINES_KEPT = 20;

/** Everything that is not PostgreSQL's own default, with its reason. */
const SETTINGS: Readonly<Record<string, string>> = {
  // Reachable from this machine only, over TCP only.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Messages in English on standard error, because the start is recognised by one of them.
  lc_messages: 'C',
  log_destination: 'stderr',
  logging_collector: 'off',
  // Nothing that was acknowledged is ever lost, and a torn page is repaired: money lives here.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // A machine of 2 cores that also runs the backend.
  max_connections: '50',
  shared_buffers: '256MB',
  // Fewer, larger checkpoints: each one makes the next change of every page log the whole page.
  wal_compression: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Compiling a statement costs more than our short ones take.
  jit: 'off',
};

/**
 * Becomes PostgreSQL, after leaving behind a watcher that stops it (as `kill -INT` does: at once,
 * cleanly) when standard input ends. It ends when the server is stopped, and also when the process
 * that started it dies in any way, `kill -9` included, so that no server outlives its starter.
 */
const WATCHED = `exec 3<&0
self=$$
( { read -r _ <&3; kill -INT "$self"; } </dev/null >/dev/null 2>&1 & )
exec 3<&-
exec "$@" </dev/null`;

export interface ServerOptions {
  readonly binaries: Binaries;
  readonly data: string;
  readonly account: Account | null;
  readonly log: (line: string) => void;
  /** Proposes a port that was free a moment ago. */
  readonly findPort: () => Promise<number>;
}

export interface Server {
  readonly port: number;
  /** Resolves when the server has ended, in whatever way. */
  readonly ended: Promise<void>;
  /** Ends every connection, writes everything back and waits until the server is gone. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a data folder and waits until it accepts connections.
 *
 * @throws DatabaseError EMBEDDED_IN_USE, EMBEDDED_START_FAILED
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await options.findPort();
    const child = launch(options, port);
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const outcome = await waitUntilReady(child, options.log);
    if (outcome.ready) return { port, ended, stop: () => stop(child, options) };
    if (outcome.says(LOCKED)) {
      throw inUse(options.data, (await findServer(options.data))?.pid ?? null);
    }
    // Somebody else took the port after it was proposed, or the helpers of a server that was killed
    // have not yet noticed: both pass.
    const passing = outcome.says(PORT_TAKEN) || outcome.says(STILL_ATTACHED);
    if (passing && attempt < ATTEMPTS) {
      await pause(RETRY_PAUSE_MS);
      continue;
    }
    throw new DatabaseError(
      'EMBEDDED_START_FAILED',
      `PostgreSQL did not start on ${options.data}: ${outcome.reason}. ` +
        'Repair that and start again: the data are untouched.',
    );
  }
}

/** A port of the loopback interface that is free now. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('the probe has no port');
  return address.port;
}

function launch(options: ServerOptions, port: number): ChildProcess {
  const { binaries, data, account } = options;
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [binaries.postgres, '-D', data, '-p', String(port), ...settings];
  const onWindows = process.platform === 'win32';
  const [program = '', ...args] = onWindows
    ? command
    : ['/bin/sh', '-c', WATCHED, 'sh', ...command];
  return spawn(program, args, {
    ...spawnOptions(account),
    stdio: ['pipe', 'ignore', 'pipe'],
    // A session of its own: Ctrl-C is for the backend, which stops the server when it is done.
    detached: !onWindows,
    windowsHide: true,
  });
}

interface Outcome {
  readonly ready: boolean;
  readonly reason: string;
  says(message: string): boolean;
}

async function waitUntilReady(child: ChildProcess, log: (line: string) => void): Promise<Outcome> {
  const kept: string[] = [];
  const outcome = (ready: boolean, reason: string): Outcome => ({
    ready,
    reason,
    says: (message) => kept.some((line) => line.includes(message)),
  });
  return new Promise((resolve) => {
    // The pipe breaks when the server ends first; that it ended is told by the event below.
    child.stdin?.on('error', () => {});
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        log(line);
        kept.push(line);
        if (kept.length > LINES_KEPT) kept.shift();
        if (line.includes(READY)) resolve(outcome(true, ''));
      });
    }
    child.once('error', (error) => resolve(outcome(false, error.message)));
    // 'close', not 'exit': the last words on standard error must have been read.
    child.once('close', (code, signal) => {
      child.stdin?.destroy();
      const fatal = kept.findLast((line) => line.includes('FATAL:')) ?? kept.at(-1);
      const ending = `it ended with ${signal ?? `code ${code ?? 'none'}`}`;
      resolve(outcome(false, fatal?.replace(/^.*FATAL:\s*/, '') ?? ending));
    });
  });
}

async function stop(child: ChildProcess, options: ServerOptions): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.stdin?.end();
  if (process.platform === 'win32') {
    await run(options.binaries.pgCtl, ['stop', '-D', options.data, '-m', 'fast', '-w']);
  }
  await gone;
}
