import { describe, expect, test } from 'vitest';
import { runHere } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import { CASES } from './cases/index.ts';
import { readClauses } from './clauses.ts';
import type { ConformanceReport } from './report.ts';

const clauses = new Set(readClauses().map(({ clause }) => clause));

async function judged(...args: readonly string[]): Promise<ConformanceReport & { code: number }> {
  const { code, stdout } = await runHere(['conformance', '--json', ...args]);
  const report = JSON.parse(stdout) as ConformanceReport;
  assertSchema('conformance', report);
  return { ...report, code: code ?? -1 };
}

describe('the cases', () => {
  test('are many, named once each, and judge clauses that exist', () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
    expect(CASES.length).toBeGreaterThan(200);
    const unknown = CASES.flatMap(({ id, clauses: of }) =>
      of.filter((clause) => !clauses.has(clause)).map((clause) => `${id} ${clause}`),
    );
    expect(unknown).toEqual([]);
    expect(CASES.filter((each) => each.clauses.length === 0)).toEqual([]);
  });

  test('are listed, all of them or those of a role or clause', async () => {
    const { stdout } = await runHere(['conformance', '--list']);
    for (const { id, title } of CASES)
      expect(stdout).toMatch(new RegExp(`^${id} +${title.slice(0, 20)}`, 'm'));
    const listed = await judged('--list', '--role', 'payee', '--clause', 'TS-RCP-1');
    const ids = listed.cases.map(({ id }) => id);
    expect(ids).toContain('payee/accept');
    expect(ids).not.toContain('renewal/pays-and-receives');
    for (const each of listed.cases) expect(each.clauses).toContain('TS-RCP-1');
  });
});

test('our own wallet passes every case', { timeout: 300_000 }, async () => {
  const report = await judged('--own', '--timeout', '60000');
  const others = report.cases.filter(({ verdict }) => verdict !== 'PASS');
  expect(others).toEqual([]);
  expect([report.ok, report.code]).toEqual([true, 0]);
  expect(report.totals.clauses).toMatchObject({ fail: 0 });
  expect(report.totals.clauses.pass).toBeGreaterThan(100);
  // A clause nobody judges says why.
  for (const { verdict, why } of report.clauses)
    expect(why === null).toBe(verdict !== 'NOT TESTED');
});

describe('a command line that says too little or too much', () => {
  test.each([
    [[], 'give the program to judge after --, or --own'],
    [['--own', '--', 'x'], '--own takes no program; leave one of the two out'],
    [['--role', 'bank', '--', 'x'], '--role must be payer, payee or both, not "bank"'],
    [
      ['--clause', 'TS-PAY', '--', 'x'],
      'there is no clause TS-PAY; the specification has them all',
    ],
    [['--case', 'x/y', '--', 'x'], 'there is no case x/y; --list has them all'],
  ])('%j', async (args, message) => {
    const run = await runHere(['conformance', ...args]);
    expect([run.code, run.stderr]).toEqual([2, `tallystick conformance: ${message}\n`]);
  });
});
