import type { Bytes, Refusal, Result, Statement } from '@tallystick/protocol';
import type { PurseRow } from '../store/rows.ts';
import type { Context } from './context.ts';

/** What came of one upload; the service adds list, policy and certificates to make the reply. */
export interface Ingested {
  readonly purse: PurseRow;
  readonly statement: Statement;
  /** COSE_Sign1; the same bytes for the same statement, however often it comes. */
  readonly answer: Bytes;
  /** Closures of payments this purse has not taken back yet, at most `LIMITS.closuresPerAnswer`. */
  readonly closures: readonly Bytes[];
  /** Entries that were refused, by position in the upload. */
  readonly refused: readonly Refusal[];
}

/**
 * Takes in one encoded upload (TS-SYN-2): facts, their consequences in this purse's shard, messages
 * to others, and the answer, in one transaction. Safe to repeat, interleave and reorder.
 * Errors: decoding codes; UNKNOWN_CERTIFICATE; BAD_SIGNATURE for the statement itself.
 */
export function ingest(_upload: Bytes, _context: Context): Promise<Result<Ingested>> {
  throw new Error('in the making');
}
