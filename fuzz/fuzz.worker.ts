/** Fuzzes one target on a thread of its own. Started with counters by `run.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { readCorpus, writeCorpus } from './engine/corpus.ts';
import { fuzz } from './engine/fuzz.ts';
import { type Job, noteRunning, type Report } from './engine/messages.ts';
import { targetNamed } from './targets/index.ts';

const { target: name, inputs, seed, writesCorpus, running } = workerData as Job;
const found = await targetNamed(name);
const target = { ...found, seeds: [...found.seeds, ...readCorpus(name)] };
const started = performance.now();
/** Time that this thread computed: others on the machine do not count. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const { finding, ...summary } = await fuzz({
  target,
  inputs,
  seed,
  now: cpuMs,
  starting: (input, begun) => noteRunning(running, input, begun),
});
const ms = performance.now() - started;
if (writesCorpus) writeCorpus(name, summary.kept);
const report: Report = {
  inputs: summary.inputs,
  features: summary.features,
  ms,
  worstMs: summary.worst.ms,
  worstMemory: summary.worst.memory,
  finding,
};
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread, not a window
parentPort?.postMessage(report);
