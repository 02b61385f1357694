import type { Checking, Result, SignatureCheck } from '@tallystick/protocol';
import { Rejection } from '@tallystick/protocol';

/** Verifies many signatures at once; the verdicts stand in the order of the checks. */
export type VerifyMany = (checks: readonly SignatureCheck[]) => Promise<readonly boolean[]>;

/**
 * Runs many checkings side by side: each round gathers the signature every one of them waits for
 * and verifies all of them in one batch. The outcomes stand in the order of the checkings.
 */
export async function runCheckings<T>(
  checkings: readonly Checking<T>[],
  verifyMany: VerifyMany,
): Promise<Result<T>[]> {
  const outcomes: Result<T>[] = [];
  let waiting: Waiting<T>[] = checkings.map((checking, index) => ({
    checking,
    index,
    verdict: undefined,
  }));
  while (waiting.length > 0) {
    const next = waiting.flatMap(({ checking, index, verdict }) => {
      const turn = advance(checking, verdict);
      if ('check' in turn) return [{ checking, index, check: turn.check }];
      outcomes[index] = turn;
      return [];
    });
    const verdicts = next.length === 0 ? [] : await verifyMany(next.map(({ check }) => check));
    waiting = next.map(({ checking, index }, at) => ({ checking, index, verdict: verdicts[at] }));
  }
  return outcomes;
}

/** Runs one checking. */
export async function runOne<T>(checking: Checking<T>, verifyMany: VerifyMany): Promise<Result<T>> {
  const [outcome] = await runCheckings([checking], verifyMany);
  if (outcome === undefined) throw new TypeError('a checking ended without an outcome');
  return outcome;
}

interface Waiting<T> {
  readonly checking: Checking<T>;
  readonly index: number;
  readonly verdict: boolean | undefined;
}

type Turn<T> = Result<T> | { readonly check: SignatureCheck };

/** Resumes a checking with a verdict; undefined starts it. */
function advance<T>(checking: Checking<T>, verdict: boolean | undefined): Turn<T> {
  try {
    const turn = verdict === undefined ? checking.next() : checking.next(verdict);
    return turn.done === true ? { ok: true, value: turn.value } : { check: turn.value };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return { ok: false, error: { code: error.code, message: error.message } };
  }
}
