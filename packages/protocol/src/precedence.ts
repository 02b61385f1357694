import { type ErrorCode, PRECEDENCE } from './errors.ts';
import { Rejection } from './result.ts';

const RANK: ReadonlyMap<ErrorCode, number> = new Map(
  PRECEDENCE.map((code, index) => [code, index]),
);

function rank(code: ErrorCode): number {
  return RANK.get(code) ?? PRECEDENCE.length;
}

/**
 * Reads every part of one message, then stops with the failure whose code stands first; among equal
 * codes, with the first part's (TS-ERR-1). So what is reported never hangs on the order of checks.
 */
export function readParts(count: number, read: (index: number) => void): void {
  let first: Rejection | null = null;
  for (let index = 0; index < count; index++) {
    try {
      read(index);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      if (first === null || rank(error.code) < rank(first.code)) first = error;
    }
  }
  if (first !== null) throw first;
}
