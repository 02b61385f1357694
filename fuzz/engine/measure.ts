import { getHeapStatistics } from 'node:v8';
import type { Bytes } from '@tallystick/protocol';
import { Broken, type Target } from './target.ts';

/** What one input cost. */
export interface Cost {
  readonly ms: number;
  /** Memory taken and not given back yet, in bytes; 0 when a collection hides it. */
  readonly memory: number;
}

/** Times are taken from outside, so that tests can go without. */
export type Stopwatch = () => number;

/**
 * Runs one input and holds it to the target's bounds. A collection of garbage or a lazy compiler makes a single
 * measurement wrong, so a bound is broken only if it is broken three times. Throws what the target
 * throws, and {@link Broken}.
 */
export async function measured(target: Target, input: Bytes, now: Stopwatch): Promise<Cost> {
  let cost = await once(target, input, now);
  for (let again = 0; again < 2 && excess(target, input, cost) !== null; again++) {
    const { ms, memory } = await once(target, input, now);
    cost = { ms: Math.min(ms, cost.ms), memory: Math.min(memory, cost.memory) };
  }
  const broken = excess(target, input, cost);
  if (broken !== null) throw new Broken(broken);
  return cost;
}

async function once(target: Target, input: Bytes, now: Stopwatch): Promise<Cost> {
  const before = memoryNow();
  const started = now();
  // Awaiting what is no promise costs a turn of the queue: most targets are synchronous.
  const running = target.run(input);
  if (running !== undefined) await running;
  return { ms: now() - started, memory: Math.max(0, memoryNow() - before) };
}

function memoryNow(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

function excess(target: Target, input: Bytes, { ms, memory }: Cost): string | null {
  const memoryMax = target.memoryMax + target.perByte * input.length;
  if (ms > target.msMax) return `took ${ms.toFixed(0)} ms, at most ${target.msMax}`;
  if (memory > memoryMax) return `took ${memory} bytes of memory, at most ${memoryMax}`;
  return null;
}
