import { describe, expect, test } from 'vitest';
import { decodeCbor, decodeInner, encodeCbor } from './cbor.ts';
import {
  blob,
  type Codec,
  fixed,
  flag,
  label,
  list,
  member,
  nullable,
  oneOf,
  tagged,
  tuple,
  uint,
  union,
} from './codec.ts';
import { codeOf, messageOf } from './testing/outcome.ts';

interface Leg {
  readonly from: number;
  readonly to: number;
}
interface Trip {
  readonly name: string;
  readonly legs: readonly Leg[];
  readonly note: string | null;
}
const leg: Codec<Leg> = tuple<Leg>({ from: uint(9), to: uint(9, 1) });
const trip: Codec<Trip> = tagged<Trip>(5, {
  name: label(8),
  legs: list(leg, 2),
  note: nullable(label(4)),
});

describe('a structure (TS-ENC-5, TS-ENC-6)', () => {
  const value: Trip = { name: 'north', legs: [{ from: 0, to: 1 }], note: null };

  test('is its kind and its fields in order', () => {
    expect(trip.encode(value)).toEqual([5, 'north', [[0, 1]], null]);
    expect(trip.decode(trip.encode(value), 'trip')).toEqual(value);
  });

  test.each([
    [[5], 'MISSING_FIELD', 'trip.name'],
    [[5, 'north'], 'MISSING_FIELD', 'trip.legs'],
    [[5, 'north', []], 'MISSING_FIELD', 'trip.note'],
    [[], 'WRONG_KIND', 'trip'],
    [[6, 'north', [], null], 'WRONG_KIND', 'trip is not of kind 5'],
    [['5', 'north', [], null], 'WRONG_KIND', 'trip is not of kind 5'],
    [[5, 'north', [], null, 0], 'BAD_FIELD', 'trip must be 4 fields, not 5'],
    [new Map(), 'WRONG_KIND', 'trip is not of kind 5'],
    [null, 'WRONG_KIND', 'trip is not of kind 5'],
    [[5, 'north', [new Map()], null], 'BAD_FIELD', 'trip.legs[0] must be an array'],
    [[5, 7, [], null], 'BAD_FIELD', 'trip.name'],
    [[5, 'north', [[0, 1], [0]], null], 'MISSING_FIELD', 'trip.legs[1].to'],
    [
      [
        5,
        'north',
        [
          [0, 1],
          [0, 0],
        ],
        null,
      ],
      'BAD_FIELD',
      'trip.legs[1].to',
    ],
    [[5, 'north', [[0, 1, 2]], null], 'BAD_FIELD', 'trip.legs[0] must be 2 fields, not 3'],
    [
      [
        5,
        'north',
        [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        null,
      ],
      'BAD_FIELD',
      'a list of at most 2',
    ],
    [[5, 'north', 'legs', null], 'BAD_FIELD', 'trip.legs must be a list'],
    [[5, 'north', [], 'too long'], 'BAD_FIELD', 'trip.note'],
  ])('%j is refused with %s, and names the place: %s', (item, code, place) => {
    const read = (): unknown => trip.decode(item, 'trip');
    expect(codeOf(read)).toBe(code);
    expect(messageOf(read)).toContain(place);
  });

  test('with several wrong fields reports the code that stands first (TS-ERR-1)', () => {
    // The name is wrong (BAD_FIELD), and a later field lacks something (MISSING_FIELD).
    const read = (): unknown => trip.decode([5, 7, [[0]], null], 'trip');
    expect(codeOf(read)).toBe('MISSING_FIELD');
    expect(messageOf(read)).toContain('trip.legs[0].to');
    expect(codeOf(() => trip.decode([5, 'north', [[0, 0], [1]], null], 'trip'))).toBe(
      'MISSING_FIELD',
    );
  });

  test('with several fields wrong in one way names the first of them', () => {
    expect(messageOf(() => trip.decode([5, 7, 8, 9], 'trip'))).toContain('trip.name');
  });
});

describe('a union', () => {
  interface Circle {
    readonly kind: 1;
    readonly radius: number;
  }
  interface Square {
    readonly kind: 2;
    readonly side: number;
  }
  const shape = union<Circle | Square, 1 | 2>({
    1: member<Circle>(1, { radius: uint(9) }),
    2: member<Square>(2, { side: uint(9) }),
  });

  test('is told apart by the kind that opens it', () => {
    expect(shape.encode({ kind: 2, side: 3 })).toEqual([2, 3]);
    expect(shape.decode([1, 4], 'shape')).toEqual({ kind: 1, radius: 4 });
  });

  test.each([[[3, 4]], [['1', 4]], [[]], [null], [1], [new Map([[1, 4]])], [[1.5, 4]], [[-1]]])(
    'of %j is of an unknown kind',
    (item) => {
      expect(codeOf(() => shape.decode(item, 'shape'))).toBe('WRONG_KIND');
    },
  );

  test('writing a member that does not exist is a programmer error', () => {
    expect(() => shape.encode({ kind: 3, side: 1 } as unknown as Square)).toThrow(TypeError);
  });
});

describe('fields (TS-ENC-6)', () => {
  const cases: readonly (readonly [
    string,
    Codec<unknown>,
    readonly unknown[],
    readonly unknown[],
  ])[] = [
    ['uint', uint(10, 2), [2, 10], [1, 11, -2, 2.5, 2n, '2', null, true, Number.NaN]],
    ['oneOf', oneOf(1, 3), [1, 3], [0, 2, 1n, '1', null]],
    ['flag', flag, [true, false], [0, 1, null, 'true']],
    ['fixed', fixed(2), [new Uint8Array(2)], [new Uint8Array(1), new Uint8Array(3), 'ab', [0, 0]]],
    ['blob', blob(2, 1), [new Uint8Array(1), new Uint8Array(2)], [new Uint8Array(0), null]],
    ['label', label(4), ['a', 'abcd', 'né', '日', '😀'], ['', 'abcde', 'néééé', '日日', 7, null]],
    ['nullable', nullable(uint(1)), [null, 0, 1], [2, undefined, false]],
  ];

  test.each(cases)('%s', (_name, codec, good, bad) => {
    for (const item of good) expect(codec.decode(item, 'field')).toEqual(item);
    for (const item of bad) {
      expect(codeOf(() => codec.decode(item, 'field'))).toBe('BAD_FIELD');
      expect(messageOf(() => codec.decode(item, 'field'))).toContain('field must be');
    }
  });

  test('a label holds nothing that a screen could not show as it is (TS-ENC-7)', () => {
    const hidden = ['\u0000', '\n', '\u007f', '\u00ad', '\u200b', '\u202e', '\u2028', '\u2066'];
    for (const character of [...hidden, '\ufeff', '\ue000', '\u{e0001}', '\u{f0000}']) {
      expect(codeOf(() => label().decode(`a${character}b`, 'name'))).toBe('BAD_FIELD');
    }
    // A letter that some engine's edition of Unicode does not know yet is let through by all.
    expect(label().decode('a\u{323af}b', 'name')).toBe('a\u{323af}b');
  });

  test('decoded bytes are of their own memory, whatever becomes of the input', () => {
    const input = encodeCbor(Uint8Array.of(1, 2));
    const decoded = fixed(2).decode(decodeCbor(input), 'field');
    input.fill(9);
    expect(decoded).toEqual(Uint8Array.of(1, 2));
  });

  test('a Buffer is read as plain bytes, inside a message as well', () => {
    const wire = encodeCbor(Uint8Array.of(1, 2));
    for (const read of [decodeCbor, decodeInner]) {
      const item = read(Buffer.from(wire));
      expect(item).toEqual(Uint8Array.of(1, 2));
      expect(Object.getPrototypeOf(item)).toBe(Uint8Array.prototype);
    }
  });
});
