import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODEL = fileURLToPath(new URL('../../spec/model/', import.meta.url));
const MANIFEST = fileURLToPath(import.meta.resolve('@informalsystems/quint/package.json'));
const CLI = join(dirname(MANIFEST), 'dist', 'src', 'cli.js');
/** Without its last trace, which nobody reads here, Quint prints a few lines. */
const OUTPUT_BYTES_MAX = 1024 * 1024;

export interface Ran {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs the Quint command line in the folder of the model; resolves whatever its exit code. */
export function quint(args: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { cwd: MODEL, maxBuffer: OUTPUT_BYTES_MAX };
    execFile(process.execPath, [CLI, ...args], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      // Ended by a signal, or never begun: that says nothing about the model.
      if (typeof exitCode === 'number') resolve({ exitCode, output: stdout + stderr });
      else reject(error ?? new Error('quint did not run'));
    });
  });
}

/** The promises, as the model names them. */
const INVARIANTS = [
  'INV_FINAL',
  'INV_ONCE',
  'INV_SUPPLY',
  'INV_TORN',
  'INV_ORDER',
  'INV_REDEEM',
  'INV_NAMED',
] as const;

/** One search: which worlds, from where, how many, how long. */
export interface Search {
  /** Module of `rules.qnt`. */
  readonly main: string;
  readonly init: string;
  readonly step: string;
  readonly seed: number;
  readonly samples: number;
  readonly steps: number;
}

export interface Found {
  /** Promises that do not hold; empty when none was broken. */
  readonly broken: readonly string[];
  readonly command: string;
}

/**
 * Simulates, and checks every promise in every state. `traces` is a file name with `{seq}` in it:
 * the counterexample goes there, or the first `count` samples where there is none.
 */
export async function simulate(
  search: Search,
  traces?: { readonly path: string; readonly count: number },
): Promise<Found> {
  const { main, init, step, seed, samples, steps } = search;
  const args = ['run', 'rules.qnt', `--main=${main}`, `--init=${init}`, `--step=${step}`];
  args.push(`--seed=${seed}`, `--max-samples=${samples}`, `--max-steps=${steps}`);
  // The other evaluator is a binary that Quint would download.
  args.push('--backend=typescript', '--verbosity=1');
  const out =
    traces === undefined ? [] : [`--out-itf=${traces.path}`, `--n-traces=${traces.count}`];
  const { exitCode, output } = await quint([...args, ...out, '--invariants', ...INVARIANTS]);
  const broken = INVARIANTS.filter((name) => output.includes(`❌ ${name}`));
  const isDone = (exitCode === 0) === (broken.length === 0);
  if (!isDone) throw new Error(`quint did not finish:\n${output.slice(-2_000)}`);
  return { broken, command: `quint ${args.join(' ')}` };
}
