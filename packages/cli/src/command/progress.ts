import type { Runtime } from './runtime.ts';

/** What long work says while it runs. Nothing of it is ever part of a result. */
export interface Progress {
  /** Replaces the line that was there. */
  say(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

const CLEAR_LINE = '\r\u001b[K';

/** One line on stderr that is rewritten in place; silent when nobody watches. */
export function createProgress(
  runtime: Pick<Runtime, 'writeError' | 'errorIsTerminal' | 'elapsedMs'>,
): Progress {
  if (!runtime.errorIsTerminal) return { say: () => undefined, clear: () => undefined };
  const startedMs = runtime.elapsedMs();
  let isShown = false;
  return {
    say: (text) => {
      const seconds = Math.round((runtime.elapsedMs() - startedMs) / 1000);
      runtime.writeError(`${CLEAR_LINE}${text} (${seconds} s)`);
      isShown = true;
    },
    clear: () => {
      if (isShown) runtime.writeError(CLEAR_LINE);
      isShown = false;
    },
  };
}
