import type { Case } from './case.ts';
import type { CaseVerdict } from './play.ts';
import type { ClauseVerdict, ConformanceReport } from './report.ts';

/** The report for people: a verdict a clause, then what failed, then the sums. */
export function reportText(report: ConformanceReport): string {
  const failures = report.cases.filter(({ verdict }) => verdict === 'FAIL');
  return [
    ...report.clauses.map(clauseLine),
    '',
    ...failures.flatMap(failureLines),
    sumsOf(report),
    '',
  ].join('\n');
}

function clauseLine({ clause, verdict, cases, failed, why }: ClauseVerdict): string {
  const head = `${clause.padEnd(10)} ${verdict.padEnd(10)}`;
  if (why !== null) return `${head} ${why}`;
  if (failed.length > 0) return `${head} ${failed.join(', ')}`;
  return `${head} ${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`;
}

function failureLines({ id, title, clauses, failure }: CaseVerdict): string[] {
  if (failure === null) return [];
  const { expected, seen, bytes, transcript, standardError } = failure;
  return [
    `FAIL ${id}: ${title} (${clauses.join(', ')})`,
    `  expected  ${expected}`,
    `  seen      ${seen}`,
    ...(bytes === null ? [] : [`  bytes     ${bytes}`]),
    ...transcript.map(({ from, what, bytes: hex }) => `  ${from.padEnd(9)} ${what} ${hex}`),
    ...(standardError === '' ? [] : [`  stderr    ${JSON.stringify(standardError)}`]),
    '',
  ];
}

function sumsOf({ totals }: ConformanceReport): string {
  return (['clauses', 'cases'] as const)
    .map((of) => {
      const { pass, fail, notTested } = totals[of];
      return `${of}: ${pass} pass, ${fail} fail, ${notTested} not tested`;
    })
    .join('\n');
}

/** The cases, one a line. */
export function listText(cases: readonly Case[]): string {
  const width = Math.max(...cases.map(({ id }) => id.length));
  const lines = cases.map(
    ({ id, title, clauses }) => `${id.padEnd(width)}  ${title} (${clauses.join(', ')})`,
  );
  return `${lines.join('\n')}\n`;
}
