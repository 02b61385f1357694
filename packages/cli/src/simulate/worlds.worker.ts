import { parentPort, workerData } from 'node:worker_threads';
import { live, type Plan } from './live.ts';
import type { FromWorker, ToWorker } from './threads.ts';

/** Runs one world after another until it is terminated. */
const plan = workerData as Plan;
const tell = (message: FromWorker): void => parentPort?.postMessage(message, []);

parentPort?.on('message', ({ seed }: ToWorker) => {
  live(plan, seed, () => undefined)
    .then((lived) => tell({ kind: 'lived', lived }))
    .catch((error: unknown) => {
      tell({
        kind: 'failed',
        message: error instanceof Error ? (error.stack ?? '') : String(error),
      });
    });
});
