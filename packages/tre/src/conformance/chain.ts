import {
  type Bytes,
  decodeEntry,
  decodeRecord,
  headAfter,
  type LogRecord,
  recordId,
} from '@tallystick/protocol';
import { must, mustEqual, mustMatch } from './check.ts';

export interface Chained {
  readonly record: LogRecord;
  readonly id: Bytes;
}

/** Reads log entries that must follow one another from a position and a head on; gives the last head. */
export function readChain(
  entries: readonly Bytes[],
  first: number,
  head: Bytes,
): { readonly chain: readonly Chained[]; readonly head: Bytes } {
  let at = head;
  const chain = entries.map((bytes, index) => {
    const entry = decodeEntry(bytes);
    const record = decodeRecord(entry.record.payload);
    mustEqual(record.seq, first + index, 'the position of a log entry');
    mustMatch(record.head, at, `the head before position ${record.seq}`);
    at = headAfter(at, entry);
    return { record, id: recordId(entry.record) };
  });
  return { chain, head: at };
}

/** The entry at a position of a chain. */
export function chainedAt(chain: readonly Chained[], seq: number): Chained {
  const found = chain.find(({ record }) => record.seq === seq);
  must(found !== undefined, `the log has nothing at position ${seq}`);
  return found;
}
