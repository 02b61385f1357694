import { GENESIS, toHex } from '@tallystick/protocol';
import type { Head } from '../store/rows.ts';
import type { Entry } from './entries.ts';

/** A head that something proven states, and the position of the entry that leads to it. */
export interface Stated {
  readonly head: Head;
  readonly seq: number;
}

export interface Covered {
  /** Entries that a verified head reaches, lowest position first. */
  readonly entries: readonly Entry[];
  /** Where the walk back ended without reaching what is known already. */
  readonly gaps: readonly Stated[];
}

const START = toHex(GENESIS);

/**
 * Walks back from heads that are vouched for, through the entries at hand, to heads that are known
 * already, by their position (rule 6). Each record states the head before it, so an entry is covered
 * however little is known of those before it.
 */
export function cover(
  from: readonly Stated[],
  pool: ReadonlyMap<Head, Entry>,
  known: ReadonlyMap<Head, number>,
): Covered {
  const covered = new Map<Head, Entry>();
  const gaps = new Map<Head, Stated>();
  for (const start of from) {
    let at = start;
    while (!isRoot(at) && known.get(at.head) !== at.seq && !covered.has(at.head)) {
      const entry = pool.get(at.head);
      if (entry === undefined || entry.record.seq !== at.seq) {
        gaps.set(at.head, at);
        break;
      }
      covered.set(at.head, entry);
      at = { head: entry.before, seq: at.seq - 1 };
    }
  }
  const entries = [...covered.values()].sort((a, b) => a.record.seq - b.record.seq);
  return { entries, gaps: [...gaps.values()] };
}

function isRoot(at: Stated): boolean {
  return at.seq === 0 && at.head === START;
}

/**
 * The last position that is stored on an unbroken line from what is known, through the upload's
 * entries in their order: what may be acknowledged when the log has a gap.
 */
export function unbroken(
  entries: readonly Entry[],
  isStored: (head: Head) => boolean,
  gaps: readonly Stated[],
): number {
  const first = entries[0];
  if (first === undefined) return 0;
  const hasBase =
    isStored(first.before) || isRoot({ head: first.before, seq: first.record.seq - 1 });
  if (!hasBase) return 0;
  let last = first.record.seq - 1;
  let head = first.before;
  for (const entry of entries) {
    if (entry.before !== head || !isStored(entry.after)) break;
    last = entry.record.seq;
    head = entry.after;
  }
  return Math.min(last, ...gaps.map(({ seq }) => seq - 1));
}
