import { GENESIS, toHex } from '@tallystick/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { cover, unbroken } from './chain.ts';
import { type Entry, readEntry } from './entries.ts';
import { ScriptedPurse } from './testing/purse.ts';
import { namedKey, TestScheme } from './testing/scheme.ts';

const NONE = new Map<string, number>();
let log: Entry[] = [];

function purse(): ScriptedPurse {
  const key = namedKey('alice');
  const certificate = new TestScheme(['ALFA']).certifyPurse('ALFA', key.key);
  return new ScriptedPurse({ name: 'alice', participant: 'ALFA', certificate, key, now: 1 });
}

function entriesOf({ kept }: ScriptedPurse): Entry[] {
  return kept.map(({ bytes }, index) => {
    const read = readEntry(bytes, index);
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  });
}

function poolOf(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.after, entry]));
}

/** Where a log ends, as a statement at its end states it. */
function endOf(entries: readonly Entry[]): { head: string; seq: number } {
  const last = entries.at(-1);
  return { head: last?.after ?? '', seq: last?.record.seq ?? 0 };
}

function seqs(entries: readonly Entry[]): number[] {
  return entries.map(({ record }) => record.seq);
}

beforeAll(() => {
  const alice = purse();
  for (let count = 0; count < 6; count++) alice.adopt({});
  log = entriesOf(alice);
});

describe('a head covers (rule 6)', () => {
  test('every entry down to the beginning, lowest first, whatever order they came in', () => {
    const { entries, gaps } = cover([endOf(log)], poolOf(log.toReversed()), NONE);
    expect(seqs(entries)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(gaps).toEqual([]);
  });

  test('down to what is known already', () => {
    const known = new Map([[log[2]?.after ?? '', 3]]);
    const { entries, gaps } = cover([endOf(log)], poolOf(log), known);
    expect(seqs(entries)).toEqual([4, 5, 6]);
    expect(gaps).toEqual([]);
  });

  test('down to a missing entry, which it names', () => {
    const pool = poolOf(log.filter(({ record }) => record.seq !== 4));
    const { entries, gaps } = cover([endOf(log)], pool, NONE);
    expect(seqs(entries)).toEqual([5, 6]);
    expect(gaps).toEqual([{ head: log[3]?.after, seq: 4 }]);
  });

  test('nothing of another branch', () => {
    const alice = purse();
    for (let count = 0; count < 3; count++) alice.adopt({ listVersion: 9 });
    const { entries } = cover([endOf(log)], poolOf([...log, ...entriesOf(alice)]), NONE);
    expect(entries).toEqual(log);
  });

  test('each entry once, from however many heads', () => {
    const ends = [endOf(log), endOf(log.slice(0, 3)), endOf(log)];
    expect(seqs(cover(ends, poolOf(log), NONE).entries)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('no entry that skips a position', () => {
    const alice = purse();
    alice.adopt({});
    alice.seq = 5;
    alice.adopt({});
    const skipped = entriesOf(alice);
    const end = endOf(skipped);
    const { entries, gaps } = cover([end], poolOf(skipped), NONE);
    expect(seqs(entries)).toEqual([6]);
    expect(gaps).toEqual([{ head: skipped[0]?.after, seq: 5 }]);
    const known = new Map([[skipped[0]?.after ?? '', 1]]);
    expect(cover([end], poolOf(skipped), known).gaps).toHaveLength(1);
  });

  test('no log that begins with another head, or at another position, than the first', () => {
    const alice = purse();
    alice.head = new Uint8Array(32).fill(1);
    alice.adopt({});
    const odd = entriesOf(alice);
    expect(cover([endOf(odd)], poolOf(odd), NONE).gaps).toEqual([
      { head: '01'.repeat(32), seq: 0 },
    ]);
    const late = purse();
    late.seq = 4;
    late.adopt({});
    const later = entriesOf(late);
    expect(cover([endOf(later)], poolOf(later), NONE).gaps).toEqual([
      { head: toHex(GENESIS), seq: 4 },
    ]);
  });
});

describe('the unbroken line', () => {
  const stored = (...positions: readonly number[]) => {
    const heads = new Set(positions.map((seq) => log[seq - 1]?.after));
    return (head: string): boolean => heads.has(head);
  };
  const gap = (seq: number) => [{ head: log[seq - 1]?.after ?? '', seq }];

  test('ends before the first entry that is not stored', () => {
    expect(unbroken(log, stored(1, 2, 4, 5, 6), gap(3))).toBe(2);
    expect(unbroken(log, stored(), gap(1))).toBe(0);
  });

  test('begins only at something stored', () => {
    expect(unbroken(log.slice(3), stored(3, 4, 5), gap(6))).toBe(5);
    expect(unbroken(log.slice(3), stored(4, 5), gap(6))).toBe(0);
    expect(unbroken([], stored(1), [])).toBe(0);
  });

  test('never passes a gap of another branch', () => {
    expect(unbroken(log, stored(1, 2, 3, 4, 5, 6), gap(5))).toBe(4);
  });
});
