import { availableParallelism } from 'node:os';
import type { Report } from '@tallystick/simulator';
import { type Call, printJson } from '../command/command.ts';
import { usageFailure } from '../command/failure.ts';
import { demandGoingOn } from '../command/stopping.ts';
import { DEFAULT_SEED, DEFAULT_STEPS } from './command.ts';
import { type Live, live, type Lived, type Plan } from './live.ts';
import { spread } from './threads.ts';
import { sweepOf, sweepText, worldText } from './words.ts';

/** What `simulate --json` prints of one world. */
export interface WorldOutput extends Report {
  readonly ok: boolean;
  /** The command line that gives this very report again. */
  readonly replay: string;
  /** How it came to the violation, one sentence each; empty where there is none. */
  readonly story: readonly string[];
}

const STEPS_MAX = 100_000_000;
const SEEDS_MAX = 1_000_000;
const AGENTS_MAX = 1_000;
const THREADS_MAX = 256;

/**
 * Runs one world or a sweep; 0 when nothing was violated. A sweep takes every core, unless `run` is
 * given: then that is what runs a world, one after the other.
 */
export async function runSimulate(call: Call, run?: Live): Promise<number> {
  const seed = call.values.text('seed') ?? DEFAULT_SEED;
  const seeds = call.values.integer('seeds', { min: 1, max: SEEDS_MAX });
  const threads = call.values.integer('threads', { min: 1, max: THREADS_MAX });
  const plan = planOf(call);
  if (seeds === undefined) return runWorld(call, plan, seed, run ?? live);
  const each = seedsFrom(seed, seeds);
  const lived =
    run === undefined
      ? await spreadOut(call, plan, each, threads ?? availableParallelism())
      : await oneByOne(call, plan, each, run);
  return reportSweep(call, plan, lived);
}

function planOf({ values }: Call): Plan {
  const agents = (name: 'wallets' | 'terminals' | 'attackers'): Partial<Plan> => {
    const count = values.integer(name, { min: 0, max: AGENTS_MAX });
    return count === undefined ? {} : { [name]: count };
  };
  return {
    steps: values.integer('steps', { min: 1, max: STEPS_MAX }, DEFAULT_STEPS),
    ...agents('wallets'),
    ...agents('terminals'),
    ...agents('attackers'),
  };
}

function seedsFrom(seed: string, count: number): string[] {
  const first = /^\d{1,15}$/.test(seed) ? Number(seed) : Number.NaN;
  if (Number.isNaN(first)) throw usageFailure('--seeds counts up from --seed: give it as a number');
  return Array.from({ length: count }, (_, index) => String(first + index));
}

async function runWorld(call: Call, plan: Plan, seed: string, run: Live): Promise<number> {
  const { runtime, json, progress } = call;
  const output = outputOf(plan, await runOne(call, plan, seed, `seed ${seed}`, run));
  progress.clear();
  if (json) printJson(runtime, output);
  else runtime.writeOut(`${worldText(output)}\n`);
  if (!output.ok) runtime.writeError(`tallystick simulate: ${accusation(output)}\n`);
  return output.ok ? 0 : 1;
}

async function runOne(
  { runtime, progress }: Call,
  plan: Plan,
  seed: string,
  label: string,
  run: Live,
): Promise<Lived> {
  const stop = runtime.stopSignal();
  progress.say(label);
  const lived = await run(plan, seed, (doing) => {
    demandGoingOn(stop);
    progress.say(`${label}: ${doing}`);
  });
  demandGoingOn(stop);
  return lived;
}

async function spreadOut(
  { runtime, progress }: Call,
  plan: Plan,
  seeds: readonly string[],
  threads: number,
): Promise<readonly Lived[]> {
  const say = (done: number): void => progress.say(`${done} of ${seeds.length} worlds`);
  say(0);
  return spread({ plan, seeds, threads, onProgress: say, stop: runtime.stopSignal() });
}

async function oneByOne(
  call: Call,
  plan: Plan,
  seeds: readonly string[],
  run: Live,
): Promise<readonly Lived[]> {
  const lived: Lived[] = [];
  for (const seed of seeds) {
    lived.push(await runOne(call, plan, seed, `world ${lived.length + 1} of ${seeds.length}`, run));
  }
  return lived;
}

/** Every world ran to its own end: one violation does not hide the next. */
function reportSweep(
  { runtime, json, progress }: Call,
  plan: Plan,
  lived: readonly Lived[],
): number {
  const outputs = lived.map((each) => outputOf(plan, each));
  progress.clear();
  const sweep = sweepOf(outputs, plan.steps);
  if (json) printJson(runtime, sweep);
  else runtime.writeOut(`${sweepText(sweep)}\n`);
  for (const output of outputs) {
    if (!output.ok) runtime.writeError(`tallystick simulate: ${accusation(output)}\n`);
  }
  return sweep.ok ? 0 : 1;
}

function outputOf(plan: Plan, { report, story }: Lived): WorldOutput {
  const ok = report.violations.length === 0;
  return { ok, replay: replayOf(plan, report.seed), ...report, story: story?.lines ?? [] };
}

function replayOf({ steps, wallets, terminals, attackers }: Plan, seed: string): string {
  const agents = Object.entries({ wallets, terminals, attackers }).flatMap(([name, count]) =>
    count === undefined ? [] : [`--${name} ${count}`],
  );
  const quoted = /^[\w.-]+$/.test(seed) ? seed : JSON.stringify(seed);
  return ['tallystick simulate', `--seed ${quoted}`, `--steps ${steps}`, ...agents].join(' ');
}

function accusation({ seed, violations, replay }: WorldOutput): string {
  const [first] = violations;
  const what =
    first === undefined ? '' : ` at step ${first.step}: ${first.invariant}, ${first.detail}`;
  return `seed ${seed} is violated${what}; replay it with: ${replay}`;
}
