/** `npm run fuzz`: every target, or those named, over all cores; ends with a table. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Report } from './engine/messages.ts';
import { runTarget } from './engine/run.ts';
import { table } from './engine/table.ts';
import { allTargets } from './targets/index.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    'hang-ms': { type: 'string', default: '20000' },
    'write-corpus': { type: 'boolean', default: false },
  },
});

const wanted = values.target ?? (await allTargets()).map(({ name }) => name);
const queue = [...wanted];
const rows: (Report & { readonly target: string })[] = [];

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function work(): Promise<void> {
  for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
    const name = target;
    const job = {
      target,
      inputs: Number(values.inputs),
      seed: Number(values.seed),
      writesCorpus: values['write-corpus'],
    };
    const report = await runTarget(job, {
      hangMs: Number(values['hang-ms']),
      heapMegabytes: 1_024,
      onProgress: (inputs) => say(`${name}: ${inputs} inputs`),
    });
    rows.push({ target, ...report });
    say(
      `${name}: ${report.finding === null ? 'done' : 'FOUND SOMETHING'}, ${report.inputs} inputs`,
    );
  }
}

await Promise.all(Array.from({ length: Number(values.workers) }, work));
rows.sort((a, b) => wanted.indexOf(a.target) - wanted.indexOf(b.target));
process.stdout.write(table(rows));
for (const { target, finding } of rows) {
  if (finding === null) continue;
  const hex = Buffer.from(finding.input).toString('hex');
  const shown = hex.length > 4_000 ? `${hex.slice(0, 4_000)}… (${hex.length / 2} bytes)` : hex;
  process.stdout.write(`\n${target}: ${finding.message}\n  input: ${shown}\n`);
  process.exitCode = 1;
}
