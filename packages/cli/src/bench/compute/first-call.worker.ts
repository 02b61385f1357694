import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { unwrap } from '@tallystick/protocol';
import { openElement } from '@tallystick/tre';
import { countingHost } from './counting-host.ts';
import type { FirstCall, Job } from './first-call.ts';
import { hostOf, unpack } from './packed.ts';

/** Starts a purse and runs one command: nothing in this thread has run before, or seen a key. */
const { packed, command, now } = workerData as Job;
const counts = { made: 0, verified: 0 };
const host = hostOf(
  unpack(packed),
  (length) => Uint8Array.from(randomBytes(length)),
  () => now,
);
const element = unwrap(await openElement(countingHost(host, counts), packed.identity));
const startMs = performance.now();
const reply = await element.execute(command);
const ms = performance.now() - startMs;
parentPort?.postMessage({ ms, reply, ...counts } satisfies FirstCall, []);
