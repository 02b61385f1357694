import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { Tests, Worlds } from './guards.ts';
import { ROOT } from './sources.ts';

const HUNT = 'packages/cli/src/simulate/hunt/main.ts';
const STEPS = 2_000;
const PATIENCE_MS = 300_000;

/**
 * Runs a finder on the code without a guard, or on the whole code where none is named, in a process
 * of its own. Returns in words what it found; null when it found nothing.
 */
export function find(finder: Worlds | Tests, guard: string | null): string | null {
  return finder.by === 'worlds' ? findByWorlds(finder, guard) : findByTests([finder.file], guard);
}

function findByWorlds({ from, to }: Worlds, guard: string | null): string | null {
  const hook = `${pathToFileURL(`${ROOT}scripts/mutate/hook.ts`).href}?guard=${guard}`;
  const without = guard === null ? [] : ['--import', hook];
  const seeds = ['--from', String(from), '--to', String(to), '--steps', String(STEPS)];
  const line =
    run([...without, HUNT, ...seeds])
      .trim()
      .split('\n')
      .at(-1) ?? '';
  const found = JSON.parse(line) as {
    readonly seed: string;
    readonly step: number;
    readonly violation: { readonly invariant: string; readonly detail: string };
  } | null;
  if (found === null) return null;
  const { invariant, detail } = found.violation;
  const [first = ''] = detail.split('\n');
  const short = first.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{24,}\b/g, '$1…');
  return `seed ${found.seed}, step ${found.step}: ${invariant}, ${short}`;
}

/** Runs test files; throws when none of their tests ran. */
export function findByTests(files: readonly string[], guard: string | null): string | null {
  const without = guard === null ? [] : ['--guard', guard];
  const output = run(['scripts/mutate/run-tests.ts', ...without, ...files]);
  const line = output.split('\n').find((each) => each.startsWith('tests: '));
  if (line === undefined) throw new Error(`the tests said something else:\n${output}`);
  const { passed, failed } = JSON.parse(line.slice('tests: '.length)) as {
    readonly passed: number;
    readonly failed: readonly string[];
  };
  if (passed + failed.length === 0) throw new Error(`no test ran in ${files.join(', ')}`);
  return failed[0] ?? null;
}

function run(args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(process.execPath, ['--no-warnings', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  if (error !== undefined) throw new Error(`${args.join(' ')} did not end: ${stderr}`);
  return stdout;
}
