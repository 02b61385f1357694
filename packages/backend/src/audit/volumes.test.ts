import { describe, expect, test } from 'vitest';
import type { Page } from '../store/port.ts';
import { Reader, volumes } from './volumes.ts';

interface Row {
  readonly purse: string;
  readonly at: number;
}

/** Rows of purses a, b and so on: as many of each as given. */
function rowsOf(...counts: readonly number[]): Row[] {
  return counts.flatMap((count, purse) =>
    Array.from({ length: count }, (_, at) => ({ purse: 'abcdefgh'[purse] ?? '', at })),
  );
}

function paging(rows: readonly Row[]): (after: string, limit: number) => Promise<Page<Row>> {
  return async (after, limit) => {
    const [from, to] = [Number(after), Number(after) + limit];
    return { rows: rows.slice(from, to), next: to < rows.length ? String(to) : null };
  };
}

const names = (rows: readonly Row[]): string => rows.map(({ purse }) => purse).join('');

describe('volumes', () => {
  test.each<readonly [string, readonly number[], readonly string[]]>([
    ['of nothing', [], ['']],
    ['of one purse, however long', [9], ['aaaaaaaaa']],
    ['of whole purses, as soon as there are enough rows', [1, 1, 4, 1, 3], ['abcccc', 'deee']],
    ['that are full just at the end', [3, 3], ['aaa', 'bbb']],
  ])('%s', async (_name, counts, wanted) => {
    const read: string[] = [];
    for await (const volume of volumes(paging(rowsOf(...counts)), 3)) read.push(names(volume));
    expect(read).toEqual(wanted);
  });
});

describe('a reader', () => {
  test('goes on where it has come to, over purses that have no rows', async () => {
    const reader = new Reader(paging(rowsOf(2, 0, 5, 1)), 3);
    expect(names(await reader.upTo('a'))).toBe('aa');
    expect(names(await reader.upTo('b'))).toBe('');
    expect(names(await reader.upTo('c'))).toBe('ccccc');
    expect(names(await reader.upTo(null))).toBe('d');
    expect(names(await reader.upTo(null))).toBe('');
  });

  test('reads past pages that are empty', async () => {
    const pages: Readonly<Record<string, Page<Row>>> = {
      '': { rows: [], next: '1' },
      '1': { rows: [], next: '2' },
      '2': { rows: rowsOf(2), next: null },
    };
    const reader = new Reader(async (after) => pages[after] ?? { rows: [], next: null }, 3);
    expect(names(await reader.upTo(null))).toBe('aa');
  });
});
