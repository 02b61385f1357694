import { type Clause, whyUntested } from './clauses.ts';
import type { Case, Role } from './case.ts';
import type { CaseVerdict } from './play.ts';

export type Verdict = 'PASS' | 'FAIL' | 'NOT TESTED';

export interface ClauseVerdict {
  readonly clause: string;
  readonly chapter: number;
  readonly verdict: Verdict;
  /** Cases of this run that judged it. */
  readonly cases: readonly string[];
  /** The cases that broke it. */
  readonly failed: readonly string[];
  /** Why it is not tested; null where it is. */
  readonly why: string | null;
}

/** What `conformance --json` prints. */
export interface ConformanceReport {
  readonly ok: boolean;
  readonly program: readonly string[];
  readonly role: Role | 'both';
  readonly totals: {
    readonly clauses: Counts;
    readonly cases: Counts;
  };
  readonly clauses: readonly ClauseVerdict[];
  readonly cases: readonly CaseVerdict[];
}

interface Counts {
  readonly pass: number;
  readonly fail: number;
  readonly notTested: number;
}

/**
 * A verdict for each clause: it fails with any case that judges it, and passes only where one did and
 * none failed. What no case of the run has judged is not tested, and says so.
 */
export function clauseVerdicts(
  verdicts: readonly CaseVerdict[],
  every: readonly Case[],
  clauses: readonly Clause[],
): ClauseVerdict[] {
  return clauses.map(({ clause, chapter }) => {
    const about = verdicts.filter((each) => each.clauses.includes(clause));
    const judged = about.filter(({ verdict }) => verdict !== 'NOT TESTED');
    const failed = judged.filter(({ verdict }) => verdict === 'FAIL').map(({ id }) => id);
    const cases = judged.map(({ id }) => id);
    const isElsewhere = every.some((each) => each.clauses.includes(clause));
    const unplayed = isElsewhere ? 'its cases were not played' : whyUntested(clause);
    if (cases.length === 0) {
      return { clause, chapter, verdict: 'NOT TESTED', cases, failed, why: unplayed };
    }
    const verdict = failed.length === 0 ? 'PASS' : 'FAIL';
    return { clause, chapter, verdict, cases, failed, why: null };
  });
}

/** How often each verdict was given. */
export function countsOf(all: readonly { readonly verdict: Verdict }[]): Counts {
  const count = (wanted: Verdict): number => all.filter(({ verdict }) => verdict === wanted).length;
  return { pass: count('PASS'), fail: count('FAIL'), notTested: count('NOT TESTED') };
}
