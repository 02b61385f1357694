/**
 * `node run-tests.ts [--guard NAME] FILE…` runs test files without that guard, and prints one
 * line of JSON: how many tests passed, and which failed. It stops at the first that fails.
 */
import { parseArgs } from 'node:util';
import { startVitest, type TestCase, type Vite } from 'vitest/node';
import { guardNamed, mutantOf, ROOT } from './sources.ts';

/** Marks the line among whatever else is printed. */
const MARK = 'tests: ';

const { values, positionals } = parseArgs({
  options: { guard: { type: 'string' } },
  allowPositionals: true,
});

function removing(name: string): Vite.Plugin {
  const guard = guardNamed(name);
  const { source } = mutantOf(guard);
  return {
    name: 'remove-guard',
    enforce: 'pre',
    transform: (_, id) => (id === ROOT + guard.path ? { code: source, map: null } : null),
  };
}

const { guard } = values;
const vitest = await startVitest(
  'test',
  positionals,
  {
    root: ROOT,
    watch: false,
    // It would give this mutant to the next run, which has another.
    fsModuleCache: false,
    bail: guard === undefined ? 0 : 1,
    maxWorkers: 1,
    reporters: [{}],
  },
  { plugins: guard === undefined ? [] : [removing(guard)] },
);
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const nameOf = (test: TestCase): string => `${test.module.relativeModuleId} > ${test.fullName}`;
const failed = [
  ...tests.filter((test) => test.result().state === 'failed').map(nameOf),
  ...modules.filter((module) => module.errors().length > 0).map((each) => each.relativeModuleId),
  ...vitest.state.getUnhandledErrors().map(String),
];
const passed = tests.filter((test) => test.result().state === 'passed').length;
await vitest.close();
console.log(`${MARK}${JSON.stringify({ passed, failed })}`);
process.exitCode = 0;
