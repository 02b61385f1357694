/** Kills real processes with `kill -9`, and shows what came of it (`npm run crash -- --help`). */
import { parseArgs } from 'node:util';
import { inWords, rowsOf } from './report.ts';
import { runCrashes } from './run.ts';

const HELP = `npm run crash -- [--rounds N] [--seed N] [--json]

Runs a real backend on a real database and real devices, kills one or two of their processes in each
round with kill -9, and checks that nothing acknowledged is lost and nobody is stuck.
`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const rounds = Number.parseInt(values.rounds, 10);
  const isShown = process.stderr.isTTY;
  const startedMs = performance.now();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const run = await runCrashes({
    stop: stop.signal,
    rounds,
    seed: Number.parseInt(values.seed, 10),
    nowMs: () => performance.now(),
    onRound: (number, { victims, recoveredMs }) => {
      const line = `round ${number + 1} of ${rounds}: killed ${victims.join(' and ')}, recovered in ${recoveredMs} ms`;
      if (isShown) process.stderr.write(`\r\u001B[K${line}`);
      else if ((number + 1) % 10 === 0) process.stderr.write(`${line}\n`);
    },
  });
  if (isShown) process.stderr.write('\r\u001B[K');
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  if (values.json) {
    const { rounds: played, left, ...totals } = run;
    const report = { ok: true, seconds, ...totals, left: String(left), rows: rowsOf(played) };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    process.stdout.write(`${inWords(run)}\n${run.rounds.length} rounds in ${seconds} s.\n`);
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`\ncrash: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
