import { parentPort } from 'node:worker_threads';
import { createNativeVerifier } from '../native.ts';
import { setVerdict, unpack } from '../packing.ts';
import type { Batch } from '../pool.ts';

/** A worker that dies when it is asked about the message `die`. */
const verify = createNativeVerifier(4);

parentPort?.on('message', ({ buffer, count }: Batch) => {
  let index = 0;
  for (const check of unpack(buffer, count)) {
    if (Buffer.from(check.message).toString() === 'die') throw new Error('told to die');
    setVerdict(buffer, index++, verify(check));
  }
  parentPort?.postMessage(count, []);
});
