import { describe, expect, test } from 'vitest';
import { binaryArray, type ColumnType } from './binary-array.ts';

describe("an array in PostgreSQL's binary format", () => {
  test('is a header, then each value with its length', () => {
    const array = binaryArray('int2', [258, null, -1]);
    expect(array.toString('hex')).toBe(
      [
        '00000001', // dimensions
        '00000001', // holds nulls
        '00000015', // int2
        '00000003', // values
        '00000001', // counted from one
        '000000020102',
        'ffffffff',
        '00000002ffff',
      ].join(''),
    );
  });

  test.each<[string, ColumnType, unknown]>([
    ['a NUL in text', 'text', 'a\0b'],
    ['half a character', 'text', '\uD83E'],
    ['a number for text', 'text', 1],
    ['a text for bytes', 'bytea', 'ff'],
    ['a list of numbers for bytes', 'bytea', [255]],
    ['a number for int8', 'int8', 1],
    ['2^63 for int8', 'int8', 2n ** 63n],
    ['-2^63 - 1 for int8', 'int8', -(2n ** 63n) - 1n],
    ['a bigint for int4', 'int4', 1n],
    ['a fraction for int4', 'int4', 1.5],
    ['2^31 for int4', 'int4', 2 ** 31],
    ['-2^31 - 1 for int4', 'int4', -(2 ** 31) - 1],
    ['2^15 for int2', 'int2', 2 ** 15],
    ['NaN for int2', 'int2', Number.NaN],
    ['a number for bool', 'bool', 0],
    ['an invalid date', 'timestamptz', new Date(Number.NaN)],
    ['a text for a date', 'timestamptz', '2026-01-01'],
    ['undefined', 'int4', undefined],
  ])('refuses %s', (_, type, value) => {
    const refused = (): Buffer => binaryArray(type, [null, value as null], 'column');
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(/^column of row 1 /);
  });
});
