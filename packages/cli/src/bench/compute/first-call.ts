import { Worker } from 'node:worker_threads';
import type { Bytes } from '@tallystick/protocol';
import type { Counts } from './counting-host.ts';
import type { Packed } from './packed.ts';

/** What a thread is started with. */
export interface Job {
  readonly packed: Packed;
  readonly command: Bytes;
  /** Its clock stands still. */
  readonly now: number;
}

/** How the first command of a thread went. */
export interface FirstCall extends Counts {
  readonly ms: number;
  readonly reply: Bytes;
}

/**
 * Runs a command as the first thing that an engine does after its start: code that was never run,
 * no certificate checked yet, no key imported.
 */
export async function runFirst(job: Job): Promise<FirstCall> {
  const worker = new Worker(new URL('./first-call.worker.ts', import.meta.url), {
    workerData: job,
  });
  try {
    return await new Promise<FirstCall>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread ended before its command did')));
    });
  } finally {
    await worker.terminate();
  }
}
