import * as fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { binaryArray, type Cell, type ColumnType } from './binary-array.ts';
import { bulkInsert, type BulkOptions, type Column } from './bulk.ts';
import { testServer } from './testing.ts';

const TYPES: readonly ColumnType[] = [
  'bool',
  'bytea',
  'int2',
  'int4',
  'int8',
  'numeric',
  'text',
  'timestamptz',
];
type Place = Omit<Column, 'values'>;

const COLUMNS: readonly Place[] = [
  { name: 'at', type: 'int4' },
  ...TYPES.map((type) => ({ name: `a_${type}`, type })),
];

const server = testServer<unknown>({
  prepare: (db) => {
    const columns = COLUMNS.map(({ name, type }) => `${name} ${type}`);
    return sql.raw(`create table cells (${columns.join(', ')}, unique (at))`).execute(db);
  },
});
afterAll(() => server.stop());

/** Inserts rows that are at hand one by one. */
function insertRows(
  db: Kysely<unknown>,
  places: readonly Place[],
  rows: readonly (readonly Cell[])[],
  options?: BulkOptions,
): Promise<number> {
  const columns = places.map((place, at) => ({
    ...place,
    values: rows.map((row) => row[at] as Cell),
  }));
  return bulkInsert(db, 'cells', columns, options);
}

async function readBack(db: Kysely<unknown>): Promise<Cell[][]> {
  const { rows } = await sql<Record<string, Cell>>`
    select * from cells where at is not null order by at`.execute(db);
  return rows.map((row) => COLUMNS.map(({ name }) => row[name] ?? null));
}

/** The extremes and oddities of each type, one row each, the other cells null. */
const HOSTILE: readonly (readonly [ColumnType, Cell])[] = [
  ['bool', false],
  ['bool', true],
  ['bytea', new Uint8Array()],
  ['bytea', new Uint8Array([0])],
  ['bytea', new Uint8Array(100_000).fill(255)],
  ['bytea', new TextEncoder().encode(`'); drop table cells; --\\x`)],
  ['int2', -(2 ** 15)],
  ['int2', 2 ** 15 - 1],
  ['int4', -(2 ** 31)],
  ['int4', 2 ** 31 - 1],
  ['int8', -(2n ** 63n)],
  ['int8', 2n ** 63n - 1n],
  ['int8', 2n ** 53n + 1n],
  ['numeric', 0n],
  ['numeric', 1n],
  ['numeric', -9_999n],
  ['numeric', 10_000n],
  ['numeric', 1_0000_0000_0001n],
  ['numeric', -(2n ** 200n)],
  ['text', ''],
  ['text', `{"NULL",null}\\\\'";\n\u{1F9FE}ß`],
  ['text', 'NULL'],
  ['timestamptz', new Date(0)],
  ['timestamptz', new Date('1969-07-20T20:17:40.001Z')],
  ['timestamptz', new Date('2999-12-31T23:59:59.999Z')],
];

describe('a bulk insert', () => {
  test('stores every value exactly, the hostile ones too', () =>
    server.withDatabase(async (db) => {
      const rows = HOSTILE.map(([type, value], at): Cell[] => [
        at,
        ...TYPES.map((each) => (each === type ? value : null)),
      ]);
      expect(await insertRows(db, COLUMNS, rows)).toBe(rows.length);
      expect(await readBack(db)).toEqual(rows);
    }));

  test('stores any rows exactly', () =>
    server.withDatabase(async (db) => {
      const row = fc.tuple(
        fc.option(fc.boolean()),
        fc.option(fc.uint8Array({ maxLength: 200 })),
        fc.option(fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })),
        fc.option(fc.integer()),
        fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        fc.option(fc.bigInt({ min: -(2n ** 160n), max: 2n ** 160n })),
        fc.option(fc.string({ unit: 'grapheme' })),
        fc.option(
          fc.date({
            min: new Date('0001-01-01T00:00:00Z'),
            max: new Date('9999-12-31T00:00:00Z'),
            noInvalidDate: true,
          }),
        ),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 50 }), async (drawn) => {
          const safe = drawn.filter(([, , , , , , text]) => !text?.includes('\0'));
          const rows = safe.map((cells, at): Cell[] => [at, ...cells]);
          await sql`truncate cells`.execute(db);
          expect(await insertRows(db, COLUMNS, rows)).toBe(rows.length);
          expect(await readBack(db)).toEqual(rows);
        }),
        { seed: 20_260_101, numRuns: 30 },
      );
    }));

  const pair = COLUMNS.filter(({ name }) => name === 'at' || name === 'a_text');

  test('skips rows whose key is taken, before or within the same call', () =>
    server.withDatabase(async (db) => {
      const first = [
        [1, 'one'],
        [2, 'two'],
      ];
      const second = [
        [2, 'late'],
        [3, 'three'],
        [3, 'twice'],
      ];
      const skip = { onConflict: 'skip' } as const;
      expect(await insertRows(db, pair, first, skip)).toBe(2);
      expect(await insertRows(db, pair, second, skip)).toBe(1);
      const { rows } = await sql`select at, a_text from cells order by at`.execute(db);
      expect(rows).toEqual([
        { at: 1, a_text: 'one' },
        { at: 2, a_text: 'two' },
        { at: 3, a_text: 'three' },
      ]);
    }));

  test('stores none when one key is taken and nothing was said about it', () =>
    server.withDatabase(async (db) => {
      await insertRows(db, pair, [[1, 'one']]);
      const rows = [
        [2, 'two'],
        [1, 'again'],
      ];
      await expect(insertRows(db, pair, rows)).rejects.toMatchObject({ code: '23505' });
      expect(await readBack(db)).toHaveLength(1);
    }));

  test('is part of the transaction it is given', () =>
    server.withDatabase(async (db) => {
      const undone = db.transaction().execute(async (trx) => {
        await insertRows(trx, pair, [[1, 'one']]);
        throw new Error('changed my mind');
      });
      await expect(undone).rejects.toThrow('changed my mind');
      expect(await readBack(db)).toEqual([]);
    }));

  test('takes no rows, and 10,000 rows', () =>
    server.withDatabase(async (db) => {
      expect(await insertRows(db, pair, [])).toBe(0);
      const rows = Array.from({ length: 10_000 }, (_, at) => [at, `row ${at}`]);
      expect(await insertRows(db, pair, rows)).toBe(10_000);
      expect((await readBack(db)).at(-1)?.[0]).toBe(9_999);
    }));

  test('quotes the names it is given', () =>
    server.withDatabase(async (db) => {
      const name = 'at"); drop table cells; --';
      await expect(
        bulkInsert(db, 'cells', [{ name, type: 'int4', values: [1] }]),
      ).rejects.toMatchObject({ code: '42703' });
      expect(await readBack(db)).toEqual([]);
    }));

  test('names the column and the row of a value that does not fit', () =>
    server.withDatabase(async (db) => {
      const rows = [
        [1, 'one'],
        [2, 'a\0b'],
      ];
      await expect(insertRows(db, pair, rows)).rejects.toThrow(
        'cells.a_text of row 1 holds a NUL character, which PostgreSQL cannot store',
      );
      expect(await readBack(db)).toEqual([]);
    }));

  test('refuses columns of different lengths', () =>
    server.withDatabase(async (db) => {
      const columns: Column[] = [
        { name: 'at', type: 'int4', values: [1, 2] },
        { name: 'a_text', type: 'text', values: ['one'] },
      ];
      await expect(bulkInsert(db, 'cells', columns)).rejects.toThrow(
        'cells.a_text has 1 values for 2 rows',
      );
    }));

  test('writes hex as the bytes it stands for, and nothing else', () =>
    server.withDatabase(async (db) => {
      const column = { name: 'a_bytea', type: 'hex' } as const;
      const at = { name: 'at', type: 'int4', values: [1, 2, 3] } as const;
      await bulkInsert(db, 'cells', [at, { ...column, values: ['00ff10', '', null] }]);
      const { rows } = await sql`select a_bytea from cells order by at`.execute(db);
      expect(rows.map((row) => (row as { a_bytea: Uint8Array | null }).a_bytea)).toEqual([
        Uint8Array.of(0, 255, 16),
        new Uint8Array(),
        null,
      ]);
      for (const bad of ['0', '0g', 'zz', '00xx', 'ff\0\0']) {
        const write = bulkInsert(db, 'cells', [{ ...column, values: [bad] }]);
        await expect(write).rejects.toThrow('is not hex');
      }
    }));
});

test('an array updates many rows at once', () =>
  server.withDatabase(async (db) => {
    const pair = [
      { name: 'at', type: 'int4' },
      { name: 'a_int8', type: 'int8' },
    ] as const;
    await insertRows(db, pair, [
      [1, 10n],
      [2, 20n],
    ]);
    await sql`
      update cells set a_int8 = a_int8 + change.by
      from unnest(${binaryArray('int4', [1, 2])}::int4[], ${binaryArray('int8', [5n, -5n])}::int8[])
        as change (at, by)
      where cells.at = change.at`.execute(db);
    const { rows } = await sql`select a_int8 from cells order by at`.execute(db);
    expect(rows).toEqual([{ a_int8: 15n }, { a_int8: 15n }]);
  }));
