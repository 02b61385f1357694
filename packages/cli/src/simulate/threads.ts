import { Worker } from 'node:worker_threads';
import { stopped } from '../command/stopping.ts';
import type { Lived, Plan } from './live.ts';

/** What a thread is sent: the next world. */
export interface ToWorker {
  readonly seed: string;
}

/** What it says. */
export type FromWorker =
  | { readonly kind: 'lived'; readonly lived: Lived }
  | { readonly kind: 'failed'; readonly message: string };

export interface SpreadOptions {
  readonly plan: Plan;
  readonly seeds: readonly string[];
  readonly threads: number;
  /** Told how many worlds are over. */
  readonly onProgress: (done: number) => void;
  readonly stop: AbortSignal;
}

/**
 * Runs worlds on as many threads as are given. Each world is alone in its thread and depends on its
 * seed alone, and the results come in the order of the seeds: which thread ran what shows nowhere.
 * Rejects when a thread fails or the work is told to stop.
 */
export async function spread(options: SpreadOptions): Promise<readonly Lived[]> {
  const { plan, seeds, threads, onProgress, stop } = options;
  const results: Lived[] = [];
  let [next, done] = [0, 0];
  const program = new URL('./worlds.worker.ts', import.meta.url);
  const workers = Array.from(
    { length: Math.min(threads, seeds.length) },
    () => new Worker(program, { workerData: plan }),
  );

  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      let index = -1;
      const takeNext = (): void => {
        index = next++;
        const seed = seeds[index];
        if (seed === undefined) resolve();
        else worker.postMessage({ seed } satisfies ToWorker, []);
      };
      worker.on('message', (said: FromWorker) => {
        if (said.kind === 'failed') return reject(new Error(said.message));
        results[index] = said.lived;
        onProgress(++done);
        takeNext();
      });
      worker.on('error', reject);
      stop.addEventListener('abort', () => reject(stopped()), { once: true });
      takeNext();
    });

  try {
    await Promise.all(workers.map(work));
    return results;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
