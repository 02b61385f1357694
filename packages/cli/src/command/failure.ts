/**
 * A command cannot do what it was asked. Thrown, not returned: it travels to the one place that
 * prints it, as one line that says what to do next, and sets the exit code.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, message: string, exitCode = 1) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong. */
export function usageFailure(message: string): Failure {
  return new Failure('USAGE', message, 2);
}

/** What is printed about an error: a stable code, and one line. */
export interface Printed {
  readonly code: string;
  readonly message: string;
}

/** An error of any kind as one line; what nobody foresaw says how to see more. */
export function printed(error: unknown): Printed {
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const code = codeOf(error);
  if (code !== null) return { code, message };
  return { code: 'UNEXPECTED', message: `${message} (run it again with --trace to see where)` };
}

/** Our own errors have a stable code in capitals; those of the system are named by theirs. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code) ? error.code : null;
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
}
