import { Worker } from 'node:worker_threads';
import { type Job, readRunning, type Report, RUNNING_BYTES } from './messages.ts';

const WORKER = new URL('../fuzz.worker.ts', import.meta.url);
const COUNTING = new URL('instrumented.ts', import.meta.url);

/** Bounds on one worker: past them it is stopped, and the input that ran is the finding. */
export interface Watch {
  /** Longest that one input may run, in milliseconds. */
  readonly hangMs: number;
  readonly heapMegabytes: number;
  /** Told now and then how many inputs are done. */
  readonly onProgress: (inputs: number) => void;
}

/**
 * Runs one target on a thread of its own. A hang, a crash and an exhausted heap are findings like any
 * other; they name the input that was running.
 */
export function runTarget(job: Omit<Job, 'running'>, watch: Watch): Promise<Report> {
  const running = new SharedArrayBuffer(RUNNING_BYTES);
  const worker = new Worker(WORKER, {
    workerData: { ...job, running } satisfies Job,
    execArgv: ['--no-warnings', '--import', COUNTING.href],
    resourceLimits: { maxOldGenerationSizeMb: watch.heapMegabytes },
  });
  return new Promise((resolve) => {
    let before = -1;
    const lost = (message: string): void => {
      const { begun, input } = readRunning(running);
      const none = { features: 0, ms: 0, worstMs: 0, worstMemory: 0 };
      resolve({ ...none, inputs: begun, finding: { message, input } });
    };
    const timer = setInterval(() => {
      const { begun } = readRunning(running);
      watch.onProgress(begun);
      // Nothing has begun while the worker still makes its world.
      const hangs = begun > 0 && begun === before;
      before = begun;
      if (!hangs) return;
      lost(`hangs for ${watch.hangMs} ms`);
      worker.terminate().catch(() => undefined);
    }, watch.hangMs);
    worker.once('message', (report: Report) => resolve(report));
    worker.once('error', (error: Error) =>
      lost(`ends the thread: ${error.stack ?? error.message}`),
    );
    worker.once('exit', () => {
      clearInterval(timer);
      lost('ends the thread without a word');
    });
  });
}
