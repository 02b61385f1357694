import { type Bytes, equal } from '@tallystick/protocol';
import { Coverage } from './coverage.ts';
import { type Cost, measured, type Stopwatch } from './measure.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateCbor } from './mutate-cbor.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';
import type { Target } from './target.ts';

/** An input that breaks a promise. */
interface Finding {
  readonly target: string;
  readonly message: string;
  readonly input: Bytes;
}

export interface Session {
  readonly target: Target;
  /** Inputs to try beyond the seeds. */
  readonly inputs: number;
  readonly seed: number;
  readonly now: Stopwatch;
  /** Told of each input before it runs: whoever watches for hangs needs it. */
  readonly starting?: (input: Bytes, begun: number) => void;
}

export interface Summary {
  readonly inputs: number;
  readonly features: number;
  /** Inputs that reached something new, in the order they were found. */
  readonly kept: readonly Bytes[];
  readonly worst: Cost;
  readonly finding: Finding | null;
}

/** Inputs kept as starting points; beyond that a new one takes the place of an old one. */
const KEPT_MAX = 4_096;

/**
 * Tries seeds, then mutations of what reached something new; stops at the first finding. The same
 * session gives the same inputs as long as the counted code is the same.
 */
export async function fuzz(session: Session): Promise<Summary> {
  const { target, now } = session;
  const random = new Random(session.seed);
  const coverage = new Coverage();
  const kept: Bytes[] = [];
  let worst: Cost = { ms: 0, memory: 0 };
  let done = 0;
  let begun = 0;
  const run = (input: Bytes): Promise<Cost> => {
    session.starting?.(input, begun++);
    return measured(target, input, now);
  };

  async function attempt(input: Bytes): Promise<Finding | null> {
    done += 1;
    coverage.start();
    try {
      const { ms, memory } = await run(input);
      worst = { ms: Math.max(worst.ms, ms), memory: Math.max(worst.memory, memory) };
    } catch (error) {
      return found(target, input, error, run);
    }
    if (coverage.finish() > 0) keep(kept, input, random);
    return null;
  }

  for (const input of target.seeds) {
    const finding = await attempt(input);
    if (finding !== null)
      return { inputs: done, features: coverage.features, kept, worst, finding };
  }
  const starts = [...target.seeds, new Uint8Array(0)];
  for (let turn = 0; turn < session.inputs; turn++) {
    const finding = await attempt(mutated(target, starts, kept, random));
    if (finding !== null)
      return { inputs: done, features: coverage.features, kept, worst, finding };
  }
  return { inputs: done, features: coverage.features, kept, worst, finding: null };
}

function keep(kept: Bytes[], input: Bytes, random: Random): void {
  if (kept.length < KEPT_MAX) kept.push(input);
  else kept[random.below(KEPT_MAX)] = input;
}

/** One to four mutations on top of one another. */
function mutated(
  target: Target,
  seeds: readonly Bytes[],
  kept: readonly Bytes[],
  random: Random,
): Bytes {
  const pool = kept.length === 0 || random.once(4) ? seeds : kept;
  let input = shorter(recent(pool, random), recent(pool, random));
  for (let layer = 1 + random.below(4); layer > 0; layer--) {
    const other = shorter(random.pick(seeds), random.pick(pool));
    input = random.once(3) ? mutateBytes(input, other, random) : mutateCbor(input, other, random);
  }
  if (target.deepen !== undefined && random.once(2)) input = target.deepen(input, random);
  return input.length > target.inputMax ? input.slice(0, target.inputMax) : input;
}

/** What was found last has had the fewest turns: it comes up more often. */
function recent(pool: readonly Bytes[], random: Random): Bytes {
  const back = random.below(1 + random.below(pool.length));
  return pool[pool.length - 1 - back] ?? new Uint8Array(0);
}

/** Long inputs are slow and rarely say more: they get fewer turns. */
function shorter(one: Bytes, other: Bytes): Bytes {
  return one.length <= other.length ? one : other;
}

async function found(
  target: Target,
  input: Bytes,
  error: unknown,
  run: (candidate: Bytes) => Promise<Cost>,
): Promise<Finding> {
  const smaller = await shrink(input, async (candidate) => {
    try {
      await run(candidate);
      return false;
    } catch (another) {
      return describe(another).split('\n')[0] === describe(error).split('\n')[0];
    }
  });
  // A finding that depends on what ran before is kept as it came.
  const shown = equal(smaller, input) ? input : smaller;
  return { target: target.name, message: describe(error), input: shown };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, ...frames] = (error.stack ?? '').split('\n');
  return [`${error.name}: ${error.message}`, ...frames.slice(0, 6)].join('\n');
}
