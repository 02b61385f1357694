import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Call, printJson } from '../command/command.ts';
import { usageFailure } from '../command/failure.ts';
import { demandGoingOn } from '../command/stopping.ts';
import type { Case, Role } from './case.ts';
import { CASES } from './cases/index.ts';
import { readClauses } from './clauses.ts';
import { ANSWER_MS } from './limits.ts';
import { play } from './play.ts';
import { clauseVerdicts, type ConformanceReport, countsOf } from './report.ts';
import { listText, reportText } from './words.ts';

const OWN_WALLET = fileURLToPath(new URL('./own/main.ts', import.meta.url));
const ROLES: readonly string[] = ['payer', 'payee', 'both'];
const TIMEOUT_MS_MAX = 600_000;

/** Judges a program; 0 when something was judged and nothing failed. */
export async function runConformance(call: Call): Promise<number> {
  const role = roleOf(call);
  const cases = casesOf(call, role);
  if (call.values.isSet('list')) {
    if (call.json) printJson(call.runtime, { ok: true, cases: cases.map(listed) });
    else call.runtime.writeOut(listText(cases));
    return 0;
  }
  const program = programOf(call);
  const report = await judge(call, program, role, cases);
  call.progress.clear();
  if (call.json) printJson(call.runtime, report);
  else call.runtime.writeOut(reportText(report));
  return report.ok ? 0 : 1;
}

async function judge(
  { runtime, progress, values }: Call,
  program: readonly [string, ...string[]],
  role: Role | 'both',
  cases: readonly Case[],
): Promise<ConformanceReport> {
  const stop = runtime.stopSignal();
  const folder = await mkdtemp(join(tmpdir(), 'tallystick-conformance-'));
  try {
    const verdicts = await play(cases, {
      // Started over and over, our own wallet is compiled once.
      command: values.isSet('own') ? [...program, join(folder, 'compiled')] : program,
      workingFolder: runtime.workingFolder,
      answerMs: values.integer('timeout', { min: 1, max: TIMEOUT_MS_MAX }, ANSWER_MS),
      folder,
      beforeCase: ({ id }, index) => {
        demandGoingOn(stop);
        progress.say(`case ${index + 1} of ${cases.length}: ${id}`);
      },
    });
    const clauses = clauseVerdicts(verdicts, CASES, readClauses());
    const totals = { clauses: countsOf(clauses), cases: countsOf(verdicts) };
    // A program of which nothing could be judged has not passed.
    const ok = totals.cases.fail === 0 && totals.cases.pass > 0;
    return { ok, program, role, totals, clauses, cases: verdicts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function programOf({ rest, values }: Call): readonly [string, ...string[]] {
  const [file, ...args] = rest;
  if (values.isSet('own')) {
    if (file !== undefined) throw usageFailure('--own takes no program; leave one of the two out');
    return [process.execPath, OWN_WALLET];
  }
  if (file === undefined) throw usageFailure('give the program to judge after --, or --own');
  return [file, ...args];
}

function roleOf({ values }: Call): Role | 'both' {
  const role = values.text('role') ?? 'both';
  if (ROLES.includes(role)) return role as Role | 'both';
  throw usageFailure(`--role must be payer, payee or both, not "${role}"`);
}

function casesOf({ values }: Call, role: Role | 'both'): readonly Case[] {
  const [clauses, ids] = [values.texts('clause'), values.texts('case')];
  const known = readClauses();
  for (const clause of clauses) {
    if (known.every((each) => each.clause !== clause)) {
      throw usageFailure(`there is no clause ${clause}; the specification has them all`);
    }
  }
  for (const id of ids) {
    if (CASES.every((each) => each.id !== id)) {
      throw usageFailure(`there is no case ${id}; --list has them all`);
    }
  }
  return CASES.filter(
    (each) =>
      (role === 'both' || isOf(each, role)) &&
      (clauses.length === 0 || clauses.some((clause) => each.clauses.includes(clause))) &&
      (ids.length === 0 || ids.includes(each.id)),
  );
}

/** Whether a program of that one role can be asked for a case. */
function isOf({ roles, needsBoth }: Case, role: Role): boolean {
  return !needsBoth && roles.includes(role);
}

function listed({ id, title, clauses, roles }: Case): Omit<Case, 'run' | 'needsBoth'> {
  return { id, title, clauses, roles };
}
