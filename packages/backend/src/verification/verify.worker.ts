import { parentPort, workerData } from 'node:worker_threads';
import { createNativeVerifier } from './native.ts';
import { setVerdict, unpack } from './packing.ts';
import type { Batch, WorkerSettings } from './pool.ts';

/** Verifies batches until it is terminated; answers each with its number of checks. */
const verify = createNativeVerifier((workerData as WorkerSettings).keysMax);

parentPort?.on('message', ({ buffer, count }: Batch) => {
  let index = 0;
  for (const check of unpack(buffer, count)) setVerdict(buffer, index++, verify(check));
  parentPort?.postMessage(count, []);
});
