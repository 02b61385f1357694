import { type Report, simulate, type SimulationOptions } from '@tallystick/simulator';
import { nativeVerifier } from '@tallystick/tre/plain-process';
import { type Call, printJson } from '../command/command.ts';
import { usageFailure } from '../command/failure.ts';
import { demandGoingOn } from '../command/stopping.ts';
import { DEFAULT_SEED, DEFAULT_STEPS } from './command.ts';
import { sweepOf, sweepText, worldText } from './words.ts';

/** What `simulate --json` prints of one world. */
export interface WorldOutput extends Report {
  readonly ok: boolean;
  /** The command line that gives this very report again. */
  readonly replay: string;
}

type World = Omit<SimulationOptions, 'seed' | 'onProgress'>;

const STEPS_MAX = 100_000_000;
const SEEDS_MAX = 1_000_000;
const AGENTS_MAX = 1_000;
/** Keys that stay imported: those of every device, and room for renewals. */
const KEYS_MAX = 4_096;

type Simulate = typeof simulate;

/** Runs one world or a sweep; 0 when nothing was violated. `run` is what runs a world. */
export async function runSimulate(call: Call, run: Simulate = simulate): Promise<number> {
  const seed = call.values.text('seed') ?? DEFAULT_SEED;
  const seeds = call.values.integer('seeds', { min: 1, max: SEEDS_MAX });
  const world = worldOf(call);
  const one = (each: string, label: string): Promise<WorldOutput> =>
    simulateOne(call, run, world, each, label);
  return seeds === undefined
    ? runWorld(call, one, seed)
    : runSweep(call, one, world.steps, seedsFrom(seed, seeds));
}

type RunOne = (seed: string, label: string) => Promise<WorldOutput>;

function worldOf({ values }: Call): World {
  const agents = (name: 'wallets' | 'terminals' | 'attackers'): Partial<World> => {
    const count = values.integer(name, { min: 0, max: AGENTS_MAX });
    return count === undefined ? {} : { [name]: count };
  };
  return {
    steps: values.integer('steps', { min: 1, max: STEPS_MAX }, DEFAULT_STEPS),
    verify: nativeVerifier(KEYS_MAX),
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

async function runWorld(call: Call, one: RunOne, seed: string): Promise<number> {
  const { runtime, json, progress } = call;
  const output = await one(seed, `seed ${seed}`);
  progress.clear();
  if (json) printJson(runtime, output);
  else runtime.writeOut(`${worldText(output)}\n`);
  if (!output.ok) runtime.writeError(`tallystick simulate: ${accusation(output)}\n`);
  return output.ok ? 0 : 1;
}

/** Every world runs to its own end: one violation does not hide the next. */
async function runSweep(
  { runtime, json, progress }: Call,
  one: RunOne,
  steps: number,
  seeds: readonly string[],
): Promise<number> {
  const outputs: WorldOutput[] = [];
  for (const seed of seeds) {
    outputs.push(await one(seed, `world ${outputs.length + 1} of ${seeds.length}`));
  }
  progress.clear();
  const sweep = sweepOf(outputs, steps);
  if (json) printJson(runtime, sweep);
  else runtime.writeOut(`${sweepText(sweep)}\n`);
  for (const output of outputs) {
    if (!output.ok) runtime.writeError(`tallystick simulate: ${accusation(output)}\n`);
  }
  return sweep.ok ? 0 : 1;
}

async function simulateOne(
  { runtime, progress }: Call,
  run: Simulate,
  world: World,
  seed: string,
  label: string,
): Promise<WorldOutput> {
  const stop = runtime.stopSignal();
  progress.say(label);
  const report = await run({
    ...world,
    seed,
    onProgress: (step) => {
      demandGoingOn(stop);
      progress.say(`${label}: step ${step} of ${world.steps}`);
    },
  });
  demandGoingOn(stop);
  return { ok: report.violations.length === 0, replay: replayOf(world, seed), ...report };
}

function replayOf({ steps, wallets, terminals, attackers }: World, seed: string): string {
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
