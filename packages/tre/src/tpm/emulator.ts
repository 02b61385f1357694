import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TpmFailure } from './structures.ts';
import { reachTpm, type TpmLine } from './transport.ts';

/** A TPM emulator that runs for as long as it is needed, and the way to it. */
export interface Emulator {
  /** The one line that it has; it ends with it. */
  readonly line: TpmLine;
  readonly pid: number;
  /** Ends it at once, as a loss of power does. */
  readonly stop: () => Promise<void>;
}

const START_MS_MAX = 10_000;
const POLL_MS = 20;

/**
 * Starts swtpm on a socket in a folder, which keeps the TPM's state from start to start. It ends with
 * the connection, so that none is left behind however this process ends. Rejects with TpmFailure
 * TPM_UNREACHABLE, which says what to install.
 */
export async function startEmulator(folder: string): Promise<Emulator> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const { line, child, why } = await attemptToStart(folder);
    if (line !== null) return { line, pid: child.pid ?? 0, stop: () => kill(child) };
    // The one before has lost its connection, and is not quite gone.
    const isBusy = why.includes('Could not lock') && waitedMs < START_MS_MAX;
    if (!isBusy) throw new TpmFailure('TPM_UNREACHABLE', `the TPM emulator did not start: ${why}`);
    await pause(POLL_MS);
  }
}

interface Attempt {
  readonly child: ChildProcess;
  readonly line: TpmLine | null;
  /** Why there is none. */
  readonly why: string;
}

async function attemptToStart(folder: string): Promise<Attempt> {
  const socket = join(folder, 'tpm.socket');
  const child = spawn(
    'swtpm',
    [
      'socket',
      '--tpm2',
      '--terminate',
      `--tpmstate=dir=${folder},mode=0600`,
      `--server=type=unixio,path=${socket}`,
      // Started up as by a platform's firmware, without a control channel.
      '--flags=not-need-init,startup-clear',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', (part: Buffer) => (said += part.toString()));
  const ended = endOf(child);
  for (let waitedMs = 0; waitedMs < START_MS_MAX; waitedMs += POLL_MS) {
    const outcome = await Promise.race([ended, pause(POLL_MS)]);
    if (outcome !== undefined) {
      return { child, line: null, why: outcome === 'ENOENT' ? INSTALL : said.trim() };
    }
    const line = await reachTpm({ socket }).catch(() => null);
    if (line !== null) return { child, line, why: '' };
  }
  await kill(child);
  return { child, line: null, why: 'it did not listen in time' };
}

/** Ends it at once, and waits until it has ended. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = endOf(child);
  child.kill('SIGKILL');
  await ended;
}

const INSTALL = 'swtpm is not installed: apt-get install swtpm';

/** How a child ended: its exit code or signal, or the code of the error that it did not start with. */
function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
    child.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
}
