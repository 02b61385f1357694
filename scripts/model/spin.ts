import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODEL = fileURLToPath(new URL('../../spec/model/torn-tap.pml', import.meta.url));

/** Rules that the Spin model can switch off, and a promise that must then be seen broken. */
export const SPIN_RULES = {
  ACCEPT_LATE: 'never_both',
  CLOSE_WITHOUT_FLOOR: 'never_both',
  CLOSE_WITHOUT_LOG: 'never_both',
  NO_REPLAY_MEMORY: 'never_twice',
  VOID_AFTER_FORGETTING: 'never_both',
  VOID_AFTER_ACCEPT: 'never_both',
  ACCEPT_AFTER_VOID: 'never_both',
  VOID_NOT_DURABLE: 'never_both',
  SIGN_BEFORE_COMMIT: 'debited_first',
} as const;

const SPIN_PROMISES = ['never_both', 'never_twice', 'debited_first', 'both_know'] as const;

/** Depth and size of the table of states: many times what the model needs, and quick to clear. */
const BOUNDS = ['-m10000', '-w20'];

export interface Verified {
  /** Promises that do not hold, `deadlock` among them. */
  readonly broken: readonly string[];
  readonly states: number;
  readonly depth: number;
}

/** Whether the tools are here: the verifier is C. */
export function hasSpin(): boolean {
  return ['/usr/bin/spin', '/usr/bin/gcc'].every((path) => existsSync(path));
}

/** Searches everything within the bounds that `defines` sets; works in an empty folder of its own. */
export function verify(folder: string, defines: readonly string[]): Verified {
  const run = (command: string, args: readonly string[]): string =>
    execFileSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  run('spin', ['-a', ...defines.map((name) => `-D${name}`), MODEL]);
  run('gcc', ['-O0', '-w', '-DNOCLAIM', '-o', 'ends', 'pan.c']);
  run('gcc', ['-O0', '-w', '-o', 'promises', 'pan.c']);
  const outputs = new Map<string, string>([['deadlock', run(join(folder, 'ends'), BOUNDS)]]);
  for (const name of SPIN_PROMISES) {
    outputs.set(name, run(join(folder, 'promises'), ['-a', ...BOUNDS, '-N', name]));
  }
  const broken = [...outputs].filter(([, output]) => numberIn(output, /errors: (\d+)/) > 0);
  const all = [...outputs.values()];
  return {
    broken: broken.map(([name]) => name),
    states: Math.max(...all.map((output) => numberIn(output, /(\d+) states, stored/))),
    depth: Math.max(...all.map((output) => numberIn(output, /depth reached (\d+)/))),
  };
}

function numberIn(output: string, pattern: RegExp): number {
  if (output.includes('max search depth too small')) throw new Error('the search was cut short');
  const match = pattern.exec(output);
  if (match === null) throw new Error(`spin said something else:\n${output}`);
  return Number(match[1]);
}
