import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { missingPackages } from '../scripts/system-packages.mjs';

const COMMAND = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url));
const CHAPTER = new URL('../spec/22-conformance.md', import.meta.url);
/** On a build machine a missing package is a failure: the tests below then run, and fail. */
const skip = missingPackages().includes('python3-cbor2') && process.env.CI !== 'true';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-skeleton-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Output {
  readonly ok: boolean;
  readonly cases: readonly {
    readonly id: string;
    readonly failure: { readonly expected: string };
  }[];
}

/** Judges the program that the chapter begins with, with some of its text replaced. */
function judge(from: string, to: string): { status: number | null; output: Output } {
  const [, program = ''] = /```python\n([^]*?)```/.exec(readFileSync(CHAPTER, 'utf8')) ?? [];
  expect(program).toContain(from);
  const path = join(folder, 'wallet.py');
  writeFileSync(path, program.replace(from, to));
  const cases = ['program/folders', 'payee/accept', 'payer/pay'].flatMap((id) => ['--case', id]);
  const { status, stdout } = spawnSync(
    process.execPath,
    [COMMAND, 'conformance', '--json', ...cases, '--', '/usr/bin/python3', path],
    { encoding: 'utf8', cwd: folder },
  );
  return { status, output: JSON.parse(stdout) as Output };
}

describe.skipIf(skip)('the program that the chapter on conformance begins with', () => {
  test('takes orders, and is told which one it lacks', () => {
    const { status, output } = judge('import sys, cbor2', 'import sys, cbor2');
    const lacks = { verdict: 'NOT TESTED', failure: { expected: 'a program that does "enrol"' } };
    expect(output).toMatchObject({ ok: false, cases: [lacks, lacks, lacks] });
    expect(status).toBe(1);
  });

  test('fails as soon as it reports what is not so', () => {
    const { status, output } = judge('return refused("unsupported")', 'return done()');
    const fails = { verdict: 'FAIL', failure: { expected: 'an enrolment signed by its key' } };
    expect(output).toMatchObject({ ok: false, cases: [fails, fails, fails] });
    expect(status).toBe(1);
  });
});
