/**
 * The long form of the model's checks (`npm run model`): every promise with every rule, every rule
 * switched off, Spin within larger bounds, and traces replayed against the code. Prints the tables
 * that `spec/model/results.md` keeps; `--write` writes it there. Options: `--samples`, `--traces`, `--jobs`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readTrace } from './itf.ts';
import { quint, type Search, simulate } from './quint.ts';
import { replay } from './replay.ts';
import { RULES, type Rule, sound } from './rules.ts';
import { hasSpin, SPIN_RULES, verify } from './spin.ts';

const RESULTS = fileURLToPath(new URL('../../spec/model/results.md', import.meta.url));
/** So many traces are in one process of Quint, and in its memory. */
const BATCH = 20;

const OFF_COLUMNS = ['rule', 'what it says', 'broken without it', 'seed', 'the code'];
const KEPT_COLUMNS = ['worlds', 'step', 'samples', 'steps', 'seed', 'result'];
const REPLAY_COLUMNS = ['worlds', 'step', 'traces', 'steps', 'seeds', 'result'];
const SPIN_COLUMNS = ['rule switched off', 'bounds', 'states', 'depth', 'broken'];

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '300' },
    traces: { type: 'string', default: '500' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    write: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'tallystick-model-'));
const lanes = Number(values.jobs);
let failures = 0;

type Row = readonly (string | number)[];

function verdict(isRight: boolean, words: string): string {
  if (!isRight) failures += 1;
  return isRight ? words : `**${words}**`;
}

/** Runs tasks a few at a time; their results keep the order of the tasks. */
async function inLanes<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const queue = tasks.entries();
  const lane = async (): Promise<void> => {
    for (const [index, task] of queue) {
      results[index] = await task();
      console.error(`tallystick model: ${index + 1} of ${tasks.length}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

async function replayFile(path: string, seq: number): ReturnType<typeof replay> {
  return replay(readTrace(path.replace('{seq}', String(seq))));
}

async function searched(search: Search): Promise<Row> {
  const { broken } = await simulate(search);
  const { main, init, step, steps, seed, samples } = search;
  const result = verdict(broken.length === 0, broken.join(', ') || 'every promise kept');
  return [`${main}, ${init}`, step, samples, steps, seed, result];
}

async function switchedOff({ name, says, breaks, search }: Rule): Promise<Row> {
  const path = join(folder, `${name}_{seq}.itf.json`);
  const { broken } = await simulate(search, { path, count: 1 });
  const found = verdict(broken.includes(breaks), broken.join(', ') || 'nothing');
  const { divergence } = await replayFile(path, 0);
  const step = divergence?.step ?? 0;
  const code = verdict(step > 0, step > 0 ? `does not follow at step ${step}` : 'does the same');
  return [name, says, found, search.seed, code];
}

function exhaustive(): readonly Row[] {
  const row = (off: string, bounds: readonly string[], expected: string | null): Row => {
    const { broken, states, depth } = verify(folder, expected === null ? bounds : [off]);
    const isRight = expected === null ? broken.length === 0 : broken.includes(expected);
    const result = verdict(isRight, broken.join(', ') || 'nothing');
    return [off, bounds.join(', ') || 'small', states, depth, result];
  };
  return [
    row('none', [], null),
    row('none', ['CUTS=4', 'PRESENTATIONS=12'], null),
    ...Object.entries(SPIN_RULES).map(([rule, promise]) => row(rule, [], promise)),
  ];
}

/** Generates a batch of one search and replays it; returns how many steps that were. */
async function replayBatch(search: Search): Promise<number> {
  const path = join(folder, `${search.seed}_{seq}.itf.json`);
  const { broken } = await simulate(search, { path, count: search.samples });
  if (broken.length > 0) throw new Error(`${broken.join(', ')} broken with seed ${search.seed}`);
  let total = 0;
  for (let seq = 0; seq < search.samples; seq++) {
    const { steps, divergence } = await replayFile(path, seq);
    if (divergence !== null) {
      throw new Error(`seed ${search.seed}, trace ${seq}: ${JSON.stringify(divergence)}`);
    }
    total += steps;
  }
  return total;
}

/** Batches of the sound searches, each with a seed of its own. */
function batches(traces: number): readonly Search[] {
  const searches = sound(BATCH);
  return Array.from({ length: Math.ceil(traces / BATCH) }, (_, index) => {
    const search = searches[index % searches.length];
    if (search === undefined) throw new Error('there are searches');
    return { ...search, seed: search.seed * 1_000 + index };
  });
}

function table(title: string, columns: Row, rows: readonly Row[]): string {
  const line = (row: Row): string => `| ${row.join(' | ')} |`;
  return [
    `## ${title}\n`,
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}

try {
  const typed = await quint(['typecheck', 'rules.qnt']);
  const told = await quint(['test', 'scenarios.qnt', '--backend=typescript']);
  const stories = /(\d+) passing/.exec(told.output)?.[1] ?? 'no';
  const storiesTold = verdict(typed.exitCode + told.exitCode === 0, `${stories} known stories`);
  const spin = hasSpin()
    ? exhaustive()
    : [[verdict(false, 'apt-get install spin gcc'), '', '', '', '']];
  const wanted = batches(Number(values.traces));
  const steps = await inLanes(wanted.map((batch) => () => replayBatch(batch)));
  const replays = sound(BATCH).map(({ main, init, step, seed }): Row => {
    const own = wanted.flatMap((batch, index) =>
      Math.floor(batch.seed / 1_000) === seed ? [steps[index] ?? 0] : [],
    );
    const total = own.reduce((sum, each) => sum + each, 0);
    return [`${main}, ${init}`, step, own.length * BATCH, total, `${seed}000 and up`, 'the same'];
  });
  const off = await inLanes(RULES.map((rule) => () => switchedOff(rule)));
  const kept = await inLanes(sound(Number(values.samples)).map((each) => () => searched(each)));
  const page = [
    '# What the model showed\n',
    'Made by `npm run model -- --write`; whatever is wrong would be in bold.\n',
    `The model is well typed, and ${storiesTold} end as they must.\n`,
    table('Simulation without a rule', OFF_COLUMNS, off),
    table('Simulation with every rule', KEPT_COLUMNS, kept),
    table(`${wanted.length * BATCH} traces replayed against the code`, REPLAY_COLUMNS, replays),
    table('Spin, exhaustively', SPIN_COLUMNS, spin),
  ].join('\n');
  console.log(page);
  if (values.write) writeFileSync(RESULTS, `${page.trimEnd()}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures > 0) {
  console.error(`${failures} results are not what they must be; they are in bold`);
  process.exitCode = 1;
}
