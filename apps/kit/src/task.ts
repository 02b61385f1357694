import { useState } from 'preact/hooks';

/** Something to have done, one at a time. */
export interface Task {
  readonly isRunning: boolean;
  /** Why it did not work; null where it did, or has not been tried. */
  readonly problem: string | null;
  readonly start: () => void;
}

/** What went wrong; null where nothing did. */
export type Failed = { readonly code: string; readonly message: string } | null;

/**
 * Work that a button starts. What breaks it is said like whatever else went wrong, so that nobody waits for ever.
 *
 * @param explain what a failure means to whoever has pressed it
 */
export function useTask(
  explain: (failed: NonNullable<Failed>) => string,
  work: () => Promise<Failed>,
): Task {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    setRunning(true);
    setProblem(null);
    const failed = await work().catch((error: unknown) => {
      reportError(error);
      return { code: 'STORE_FAILED', message: '' };
    });
    setRunning(false);
    if (failed !== null) setProblem(explain(failed));
  };
  const start = (): void => {
    if (!isRunning) run().catch(reportError);
  };
  return { isRunning, problem, start };
}
