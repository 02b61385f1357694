import { join } from 'node:path';
import { type Bytes, Rejection, toHex } from '@tallystick/protocol';
import { type TestScheme, testScheme } from '@tallystick/trusted-app/testing';
import { Rig } from './rig/rig.ts';
import { Iut, type IutOptions, type Line } from './rig/iut.ts';
import { Unsupported, Violation } from './rig/violation.ts';
import type { Case } from './case.ts';
import { BOUNDS } from './limits.ts';

/** How a case came out. */
export interface CaseVerdict {
  readonly id: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly verdict: 'PASS' | 'FAIL' | 'NOT TESTED';
  /** Why it failed, or was not judged; null where it passed. */
  readonly failure: Failing | null;
}

interface Failing {
  readonly expected: string;
  readonly seen: string;
  /** Hex of what is wrong, where it is one message. */
  readonly bytes: string | null;
  /** The last messages either way. */
  readonly transcript: readonly Line[];
  /** The end of what the program wrote to its standard error. */
  readonly standardError: string;
}

export interface Playing extends IutOptions {
  /** Where the purses' folders are made, one for each case. */
  readonly folder: string;
  readonly beforeCase: (of: Case, index: number) => void;
}

/** Plays cases on a program, one after another. A program that does not even open is given up. */
export async function play(cases: readonly Case[], playing: Playing): Promise<CaseVerdict[]> {
  const iut = new Iut(playing);
  const scheme = testScheme('conformance');
  const verdicts: CaseVerdict[] = [];
  let failedStarts = 0;
  try {
    for (const [index, each] of cases.entries()) {
      playing.beforeCase(each, index);
      if (failedStarts >= BOUNDS.failedStartsMax) {
        verdicts.push(unjudged(each, iut, 'a program that starts', 'it was given up'));
        continue;
      }
      const folder = join(playing.folder, `case-${index}`);
      const verdict = await playOne(each, iut, scheme, folder);
      verdicts.push(verdict);
      failedStarts = iut.hasReported ? 0 : failedStarts + 1;
    }
  } finally {
    await iut.kill();
  }
  return verdicts;
}

async function playOne(
  of: Case,
  iut: Iut,
  scheme: TestScheme,
  folder: string,
): Promise<CaseVerdict> {
  const { id, title, clauses } = of;
  try {
    await of.run(new Rig(iut, scheme, folder));
    return { id, title, clauses, verdict: 'PASS', failure: null };
  } catch (error) {
    if (error instanceof Unsupported) {
      return unjudged(
        of,
        iut,
        `a program that does "${error.message}"`,
        'it says that it does not',
      );
    }
    const failure = failingOf(error, iut);
    return { id, title, clauses, verdict: 'FAIL', failure };
  }
}

function failingOf(error: unknown, iut: Iut): Failing {
  const context = { transcript: iut.transcript, standardError: iut.errors };
  if (error instanceof Violation) {
    const { expected, seen } = error;
    return { expected, seen, bytes: hexOf(error.bytes), ...context };
  }
  // A message of the program that a case read, or had a real purse judge, and that does not hold.
  if (error instanceof Rejection) {
    const seen = `${error.code}: ${error.message}`;
    return { expected: 'a message that holds', seen, bytes: null, ...context };
  }
  throw error;
}

function unjudged(
  { id, title, clauses }: Case,
  iut: Iut,
  expected: string,
  seen: string,
): CaseVerdict {
  const context = { bytes: null, transcript: [], standardError: iut.errors };
  return { id, title, clauses, verdict: 'NOT TESTED', failure: { expected, seen, ...context } };
}

function hexOf(bytes: Bytes | null): string | null {
  return bytes === null ? null : toHex(bytes.subarray(0, BOUNDS.shownBytes));
}
