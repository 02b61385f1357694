/**
 * The long form of the model's checks (`npm run model`): every promise with every rule, every rule
 * switched off, Spin within larger bounds, and traces replayed against the code. Prints the table
 * that `spec/model/results.md` keeps; `--write` writes it there. Options: `--samples`, `--traces`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readTrace } from './itf.ts';
import { quint, type Search, simulate } from './quint.ts';
import { replay } from './replay.ts';
import { RULES, sound } from './rules.ts';
import { hasSpin, SPIN_RULES, verify } from './spin.ts';

const RESULTS = fileURLToPath(new URL('../../spec/model/results.md', import.meta.url));
/** So many traces are in one process of Quint, and in its memory. */
const BATCH = 20;

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '300' },
    traces: { type: 'string', default: '500' },
    write: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'tallystick-model-'));
const lines: string[] = [];
let failures = 0;

function tell(line: string): void {
  lines.push(line);
  console.log(line);
}

function verdict(isRight: boolean, words: string): string {
  if (!isRight) failures += 1;
  return isRight ? words : `**${words}**`;
}

function head(title: string, ...columns: readonly string[]): void {
  tell(`\n## ${title}\n`);
  tell(`| ${columns.join(' | ')} |`);
  tell(`|${columns.map(() => '---').join('|')}|`);
}

async function simulations(samples: number): Promise<void> {
  head('Simulation with every rule', 'worlds', 'step', 'samples', 'steps', 'seed', 'result');
  for (const search of sound(samples)) {
    const { broken } = await simulate(search);
    const result = verdict(broken.length === 0, broken.join(', ') || 'every promise kept');
    const { main, init, step, steps, seed } = search;
    tell(`| ${main}, ${init} | ${step} | ${samples} | ${steps} | ${seed} | ${result} |`);
  }
}

async function switchedOff(): Promise<void> {
  head(
    'Simulation without a rule',
    'rule',
    'what it says',
    'broken without it',
    'seed',
    'the code',
  );
  for (const { name, says, breaks, search } of RULES) {
    const path = join(folder, `${name}_{seq}.itf.json`);
    const { broken } = await simulate(search, { path, count: 1 });
    const found = verdict(broken.includes(breaks), broken.join(', ') || 'nothing');
    const { divergence } = await replay(readTrace(path.replace('{seq}', '0')));
    const code = verdict(
      divergence !== null,
      divergence === null ? 'does the same' : `does not follow at step ${divergence.step}`,
    );
    tell(`| ${name} | ${says} | ${found} | ${search.seed} | ${code} |`);
  }
}

function exhaustive(): void {
  head('Spin, exhaustively', 'rule switched off', 'bounds', 'states', 'depth', 'broken');
  const row = (defines: readonly string[], off: string, expected: string | null): void => {
    const { broken, states, depth } = verify(folder, defines);
    const isRight = expected === null ? broken.length === 0 : broken.includes(expected);
    const bounds = defines.filter((name) => name.includes('=')).join(', ') || 'small';
    tell(
      `| ${off} | ${bounds} | ${states} | ${depth} | ${verdict(isRight, broken.join(', ') || 'nothing')} |`,
    );
  };
  row([], 'none', null);
  row(['CUTS=4', 'PRESENTATIONS=12'], 'none', null);
  for (const [rule, promise] of Object.entries(SPIN_RULES)) row([rule], rule, promise);
}

/** Generates and replays batches of one search until enough; returns traces and steps. */
async function replayAll(search: Search, wanted: number): Promise<readonly [number, number]> {
  let steps = 0;
  for (let done = 0; done < wanted; done += BATCH) {
    const count = Math.min(BATCH, wanted - done);
    const path = join(folder, 'trace_{seq}.itf.json');
    const batch = { ...search, seed: search.seed * 1_000 + done, samples: count };
    const { broken } = await simulate(batch, { path, count });
    if (broken.length > 0) throw new Error(`${broken.join(', ')} broken with seed ${batch.seed}`);
    for (let seq = 0; seq < count; seq++) {
      const replayed = await replay(readTrace(path.replace('{seq}', String(seq))));
      if (replayed.divergence !== null) {
        throw new Error(`seed ${batch.seed}, trace ${seq}: ${JSON.stringify(replayed.divergence)}`);
      }
      steps += replayed.steps;
    }
    if (process.stderr.isTTY)
      process.stderr.write(`\r${done + count} of ${wanted} traces replayed `);
  }
  return [wanted, steps];
}

async function replays(traces: number): Promise<void> {
  head('Traces replayed against the code', 'worlds', 'step', 'traces', 'steps', 'seeds', 'result');
  const searches = sound(0);
  const share = Math.ceil(traces / searches.length);
  let [allTraces, allSteps] = [0, 0];
  for (const search of searches) {
    const [count, steps] = await replayAll(search, share);
    allTraces += count;
    allSteps += steps;
    const { main, init, step, seed } = search;
    tell(`| ${main}, ${init} | ${step} | ${count} | ${steps} | ${seed}000 and up | the same |`);
  }
  tell(`| all | | ${allTraces} | ${allSteps} | | the same |`);
}

try {
  tell('# What the model showed');
  tell('\nMade by `npm run model -- --write`; whatever is wrong is in bold, and there is none.');
  const typed = await quint(['typecheck', 'rules.qnt']);
  const told = await quint(['test', 'scenarios.qnt', '--backend=typescript']);
  const isRight = typed.exitCode === 0 && told.exitCode === 0;
  const stories = /(\d+) passing/.exec(told.output)?.[1] ?? 'no';
  tell(
    `\nThe model is well typed, and ${verdict(isRight, `${stories} known stories`)} end as they must.`,
  );
  if (hasSpin()) exhaustive();
  else tell(`\n${verdict(false, 'Spin is not installed')}: apt-get install spin gcc.`);
  await switchedOff();
  await simulations(Number(values.samples));
  await replays(Number(values.traces));
  if (values.write) writeFileSync(RESULTS, `${lines.join('\n')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures > 0) {
  console.error(`${failures} results are not what they must be; they are in bold`);
  process.exitCode = 1;
}
