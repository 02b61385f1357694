/**
 * Runs every check of the repository, then the tests, and ends with one line of counts.
 *
 * A check that fails does not stop the next one: one run shows everything there is to repair.
 * Arguments are passed on to vitest (`npm run check -- packages/protocol`).
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Counts, countsLine, isCounts } from './counts.ts';

const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['format', 'biome', 'format', '--error-on-warnings', '.'],
  ['types', 'tsc', '-b'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['unused', 'knip', '--no-progress', '--no-config-hints'],
];

/**
 * The programs that tests start, hundreds of times, are stripped of their types and compiled once.
 * Node throws away what no longer fits.
 */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** Runs a command of node_modules/.bin to its end; `onMessage` opens a channel to it. */
function run(
  command: string,
  args: readonly string[],
  onMessage?: (message: unknown) => void,
): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', ...(onMessage ? (['ipc'] as const) : [])],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
  });
  if (onMessage) child.on('message', onMessage);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`cannot run ${command}: ${error.message}`);
      resolve(false);
    });
    child.once('exit', (code) => resolve(code === 0));
  });
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];

for (const [name, command, ...args] of CHECKS) {
  const startedMs = performance.now();
  const passed = await run(command ?? name, args);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (passed) total.passed += 1;
  else {
    total.failed += 1;
    failures.push(name);
  }
}

let tests: Counts | undefined;
const testsPassed = await run('vitest', ['run', ...process.argv.slice(2)], (message) => {
  if (isCounts(message)) tests = message;
});
// A test run that died before it could count is one failure, never silence.
const counted = tests ?? { passed: 0, failed: 1, skipped: 0 };
total.passed += counted.passed;
total.failed += counted.failed === 0 && !testsPassed ? 1 : counted.failed;
total.skipped += counted.skipped;

if (failures.length > 0) console.log(`failed before the tests: ${failures.join(', ')}`);
console.log(countsLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;
