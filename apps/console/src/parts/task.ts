import { useState } from 'preact/hooks';
import type { Failed } from '../data/api.ts';
import { failureText } from './context.ts';

/** Something to have done, one at a time. */
export interface Task {
  readonly isRunning: boolean;
  /** Why it did not work; null where it did, or has not been tried. */
  readonly problem: string | null;
  readonly start: () => void;
}

/** Work that a button starts: it says why it failed, or null. */
export function useTask(work: () => Promise<Failed | null>): Task {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    setRunning(true);
    setProblem(null);
    const failed = await work().catch((error: unknown) => {
      reportError(error);
      return { code: 'CONSOLE_FAILED', message: '' };
    });
    setRunning(false);
    if (failed !== null) setProblem(failureText(failed));
  };
  const start = (): void => {
    if (!isRunning) run().catch(reportError);
  };
  return { isRunning, problem, start };
}
