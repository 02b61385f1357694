import { describeCode, type ErrorCode } from './errors.ts';

/** An expected failure: a stable code, and a message that names the argument and the next step. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Expected outcomes are values; only programmer errors are thrown. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure };

/** A success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A failure whose message starts with the code's own meaning, then what was wrong here. */
export function err(code: ErrorCode, detail: string): { ok: false; error: Failure } {
  return { ok: false, error: { code, message: failureMessage(code, detail) } };
}

/** A code's own meaning, followed by what was wrong here. */
export function failureMessage(code: ErrorCode, detail: string): string {
  const says = describeCode(code)?.says ?? code;
  return detail === '' ? says : `${says}: ${detail}`;
}

/**
 * Carries a failure out of nested decoders and checks. It never leaves a package's public
 * functions: {@link attempt} turns it back into a value at the boundary.
 */
export class Rejection extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string) {
    super(failureMessage(code, detail));
    this.code = code;
  }
}

/** Stops the check that is running. */
export function reject(code: ErrorCode, detail = ''): never {
  throw new Rejection(code, detail);
}

/** Rejects unless the condition holds. */
export function demand(condition: boolean, code: ErrorCode, detail = ''): asserts condition {
  if (!condition) reject(code, detail);
}

/** Runs a function that may reject, and returns its outcome as a value. */
export function attempt<T>(run: () => T): Result<T> {
  try {
    return ok(run());
  } catch (error) {
    if (error instanceof Rejection) {
      return { ok: false, error: { code: error.code, message: error.message } };
    }
    throw error;
  }
}

/** The value, or a rejection that carries the failure on. For code that is itself inside `attempt`. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw Object.assign(new Rejection(result.error.code, ''), { message: result.error.message });
}
