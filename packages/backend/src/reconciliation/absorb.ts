import type { ErrorCode, Refusal } from '@tallystick/protocol';
import type { Transaction } from '../store/port.ts';
import type { ClaimRow, Head, RecordId } from '../store/rows.ts';
import { cover, type Stated, unbroken } from './chain.ts';
import type { Context } from './context.ts';
import { applyEntries } from './effects.ts';
import { claimOf, type Entry, factOf, readEntry } from './entries.ts';
import { justify } from './justify.ts';
import { tellAgain } from './signatures.ts';
import type { Work } from './work.ts';

/** What reached a shard: entries, and the head that a verified statement vouches for. */
export interface Arrivals {
  readonly entries: readonly Entry[];
  readonly statement: {
    readonly id: RecordId;
    readonly stated: Stated;
    readonly seq: number;
  } | null;
}

export interface Absorbed {
  readonly refused: readonly Refusal[];
  /** The statement was a fact before. */
  readonly isKnown: boolean;
  /** The whole log up to the highest position is there. */
  readonly isGapless: boolean;
  /** Last position on the unbroken line from what was known through these entries. */
  readonly unbrokenTo: number;
}

/** Claims that a purse may have waiting; more are left to its next upload. */
const CLAIMS_MAX = 256;
/** Gaps that are remembered, the lowest: one is enough to hold everything above it back. */
const GAPS_MAX = 256;

/**
 * Turns whatever a verified head covers, of what has arrived and what was waiting, into facts and
 * their effects. The rest is kept as bounded claims while a gap may still reach it (rule 6).
 */
export async function absorb(
  work: Work,
  tx: Transaction,
  context: Context,
  { entries, statement }: Arrivals,
): Promise<Absorbed> {
  const { id } = work.purse;
  const waiting = await tx.read(id, { claims: true, gaps: true });
  const pool = poolOf(waiting.claims, entries);
  const places = positionsOf([...pool.values()], statement?.seq ?? 0);
  work.learn(await tx.read(id, { positions: places }));
  const known = new Set(work.heads.keys());
  const isKnown = statement !== null && work.idsAt.get(statement.seq)?.has(statement.id) === true;

  const starts = [...(statement ? [statement.stated] : []), ...waiting.gaps];
  const covered = cover(starts, pool, work.heads);
  const verdicts = await justify(work, tx, context, covered.entries);
  for (const { entry } of verdicts.justified) work.addFact(factOf(id, entry, null));
  applyEntries(work, verdicts);

  await tellAgain(
    work,
    tx,
    context,
    entries.filter(({ after }) => known.has(after)),
  );

  const failed = verdicts.failed.map(({ entry }) => ({ head: entry.after, seq: entry.record.seq }));
  const gaps = lowest([...covered.gaps, ...failed]);
  replaceGaps(work, waiting.gaps, gaps);
  const isStored = (head: Head): boolean => work.heads.has(head);
  replaceClaims(work, waiting.claims, [...pool.values()], gaps);
  work.gapless = gaps.length === 0;
  return {
    refused: refusals(entries, isStored, verdicts.failed, gaps),
    isKnown,
    isGapless: work.gapless,
    unbrokenTo: unbroken(entries, isStored, gaps),
  };
}

/** Entries by the head after them; what has just arrived replaces what was waiting. */
function poolOf(claims: readonly ClaimRow[], entries: readonly Entry[]): Map<Head, Entry> {
  const pool = new Map<Head, Entry>();
  for (const { entry } of claims) {
    const read = readEntry(entry, null);
    if (read.ok) pool.set(read.value.after, read.value);
  }
  for (const entry of entries) pool.set(entry.after, entry);
  return pool;
}

/** Every position of an entry or statement, and the one before it, where its base may be. */
function positionsOf(entries: readonly Entry[], statement: number): number[] {
  const places = [statement, ...entries.map(({ record }) => record.seq)];
  const positions = new Set(places.flatMap((seq) => [seq - 1, seq]));
  return [...positions].filter((seq) => seq > 0).sort((a, b) => a - b);
}

/** One gap a head, which a log that lies may state at two positions. */
function lowest(gaps: readonly Stated[]): Stated[] {
  const sorted = [...gaps].sort((a, b) => a.seq - b.seq || (a.head < b.head ? -1 : 1));
  const byHead = new Map<Head, Stated>();
  for (const gap of sorted) if (!byHead.has(gap.head)) byHead.set(gap.head, gap);
  return [...byHead.values()].slice(0, GAPS_MAX);
}

function replaceGaps(work: Work, before: readonly Stated[], after: readonly Stated[]): void {
  const stays = new Set(after.map(({ head }) => head));
  const had = new Set(before.map(({ head }) => head));
  const { id } = work.purse;
  work.add(
    'gaps',
    ...after.filter(({ head }) => !had.has(head)).map((gap) => ({ purse: id, ...gap })),
  );
  const gone = [...had].filter((head) => !stays.has(head));
  work.add('gapsGone', ...gone.map((head) => ({ purse: id, head })));
}

/** Keeps what lies at or below a gap: nothing else can be covered before its purse brings it again. */
function replaceClaims(
  work: Work,
  before: readonly ClaimRow[],
  pool: readonly Entry[],
  gaps: readonly Stated[],
): void {
  const top = Math.max(0, ...gaps.map(({ seq }) => seq));
  const wanted = new Set(gaps.map(({ head }) => head));
  const kept = pool
    .filter((entry) => !work.heads.has(entry.after) && entry.record.seq <= top)
    .sort((a, b) => rank(a) - rank(b) || b.record.seq - a.record.seq)
    .slice(0, CLAIMS_MAX);
  function rank(entry: Entry): number {
    return wanted.has(entry.after) ? 0 : 1;
  }
  const keys = new Set(kept.map(({ after }) => after));
  const fresh = kept.filter(({ index }) => index !== null);
  work.add('claims', ...fresh.map((entry) => claimOf(work.purse.id, entry)));
  work.add('claimsGone', ...before.filter(({ key }) => !keys.has(key)));
}

/**
 * Names the entries that do not count: those whose grounds fail, and those that are not what the
 * signed head has at their position. What only waits for a missing entry below it is not named.
 */
function refusals(
  entries: readonly Entry[],
  isStored: (head: Head) => boolean,
  failed: readonly { readonly entry: Entry; readonly code: ErrorCode }[],
  gaps: readonly Stated[],
): Refusal[] {
  const codes = new Map(failed.map(({ entry, code }) => [entry.after, code]));
  const lowest = Math.min(...gaps.map(({ seq }) => seq));
  return entries.flatMap((entry) => {
    if (entry.index === null || isStored(entry.after)) return [];
    const code = codes.get(entry.after);
    if (code === undefined && entry.record.seq < lowest) return [];
    return [{ index: entry.index, code: code ?? 'BAD_SIGNATURE' }];
  });
}
