import {
  decode as peerDecode,
  encode as peerEncode,
  dcborDecodeOptions,
  dcborEncodeOptions,
} from 'cbor2';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { concat, toHex } from './bytes.ts';
import { LIMITS } from './limits.ts';
import { cborValue, spoil, spoiling } from './testing/cbor.ts';
import { codeOf, hex } from './testing/outcome.ts';

function decodeHex(text: string): string {
  return codeOf(() => decodeCbor(hex(text)));
}

// The numbers, strings and containers of RFC 8949 appendix A that a message may hold.
const EXAMPLES: readonly (readonly [Cbor, string])[] = [
  [0, '00'],
  [1, '01'],
  [10, '0a'],
  [23, '17'],
  [24, '1818'],
  [25, '1819'],
  [100, '1864'],
  [1000, '1903e8'],
  [1_000_000, '1a000f4240'],
  [1_000_000_000_000, '1b000000e8d4a51000'],
  [18_446_744_073_709_551_615n, '1bffffffffffffffff'],
  [-1, '20'],
  [-10, '29'],
  [-100, '3863'],
  [-1000, '3903e7'],
  [false, 'f4'],
  [true, 'f5'],
  [null, 'f6'],
  [new Uint8Array(0), '40'],
  [hex('01020304'), '4401020304'],
  ['', '60'],
  ['a', '6161'],
  ['IETF', '6449455446'],
  ['"\\', '62225c'],
  ['ü', '62c3bc'],
  ['水', '63e6b0b4'],
  ['𐅑', '64f0908591'],
  [[], '80'],
  [[1, 2, 3], '83010203'],
  [[1, [2, 3], [4, 5]], '8301820203820405'],
  [new Map(), 'a0'],
  [
    new Map([
      [1, 2],
      [3, 4],
    ]),
    'a201020304',
  ],
  [
    new Map<string, Cbor>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
    'a26161016162820203',
  ],
  [['a', new Map([['b', 'c']])], '826161a161626163'],
  [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
  [2n ** 53n, '1b0020000000000000'],
  [2n ** 53n + 1n, '1b0020000000000001'],
  [-(2n ** 53n), '3b001fffffffffffff'],
  [-(2n ** 53n) - 1n, '3b0020000000000000'],
  [-(2n ** 63n), '3b7fffffffffffffff'],
];

describe('RFC 8949 examples (TS-ENC-2)', () => {
  test.each(EXAMPLES.map(([value, encoded]) => ({ value, encoded })))(
    '$encoded',
    ({ value, encoded }) => {
      expect(toHex(encodeCbor(value))).toBe(encoded);
      expect(decodeCbor(hex(encoded))).toEqual(value);
    },
  );

  test('keys are written in the order of their encodings, whatever order the map has', () => {
    const map = new Map<number | string, Cbor>([
      ['z', 1],
      [-1, 2],
      ['aa', 3],
      [100, 4],
      [10, 5],
    ]);
    // RFC 8949 §4.2.1 lists this very order.
    expect(toHex(encodeCbor(map))).toBe('a50a051864042002617a0162616103');
  });
});

const REFUSED: Readonly<Record<string, readonly (readonly [name: string, hex: string])[]>> = {
  NON_CANONICAL: [
    ['0 in two bytes', '1800'],
    ['23 in two bytes', '1817'],
    ['255 in three bytes', '1900ff'],
    ['65535 in five bytes', '1a0000ffff'],
    ['2^32 - 1 in nine bytes', '1b00000000ffffffff'],
    ['-1 in two bytes', '3800'],
    ['-256 in three bytes', '3900ff'],
    ['-65536 in five bytes', '3a0000ffff'],
    ['a negative of 65 bits', '3b8000000000000000'],
    ['the lowest negative of 65 bits', '3bffffffffffffffff'],
    ['a long head of an empty byte string', '5800'],
    ['a long head of a byte string', '58 01 61'],
    ['a long head of a text', '78 01 61'],
    ['a long head of an array', '98 01 00'],
    ['a long head of a map', 'b8 01 00 00'],
    ['a longer head of a byte string', '59 0001 61'],
    ['a big integer', 'c2 49 010000000000000000'],
    ['a big integer that fits a plain one', 'c2 41 01'],
    ['a negative big integer', 'c3 49 010000000000000000'],
    ['a date as text', 'c0 74 323031332d30332d32315432303a30343a30305a'],
    ['a date as a number', 'c1 1a 514b67b0'],
    ['embedded CBOR', 'd8 18 41 00'],
    ['the self-described tag', 'd9 d9f7 00'],
    ['a tag within an array', '81 d8 24 01'],
    ['a tag as a map key', 'a1 c1 00 00'],
    ['a float of an integer, half', 'f9 3c00'],
    ['a float of an integer, single', 'fa 47c35000'],
    ['a float', 'f9 3800'],
    ['a float, double', 'fb 3ff199999999999a'],
    ['negative zero', 'f9 8000'],
    ['infinity', 'f9 7c00'],
    ['no number', 'f9 7e00'],
    ['no number, with a payload', 'fb 7ff8000000000001'],
    ['a float within a map', 'a1 00 f9 3c00'],
    ['undefined', 'f7'],
    ['an unassigned simple value', 'f0'],
    ['an unassigned simple value in two bytes', 'f8 ff'],
    ['an indefinite array', '9f ff'],
    ['an indefinite array of two', '9f 01 02 ff'],
    ['an indefinite map', 'bf ff'],
    ['an indefinite map of one', 'bf 01 02 ff'],
    ['an indefinite byte string', '5f 41 00 41 00 ff'],
    ['an empty indefinite byte string', '5f ff'],
    ['an indefinite text', '7f 61 61 ff'],
    ['an indefinite array within an array', '81 9f ff'],
    ['a key twice', 'a2 01 00 01 01'],
    ['a text key twice', 'a2 61 61 00 61 61 01'],
    ['keys out of order', 'a2 02 00 01 00'],
    ['keys ordered by length first', 'a2 61 61 00 18 18 00'],
    ['keys out of order further inside', '81 a2 02 00 01 00'],
    ['a key in a long form', 'a1 18 01 00'],
    ['text in decomposed form', '63 65 cc81'],
  ],
  MALFORMED: [
    ['nothing at all', ''],
    ['a head without its argument', '18'],
    ['a head with half its argument', '19 ff'],
    ['a head with seven of eight bytes', '1b 00000000000000'],
    ['a byte string without its end', '42 00'],
    ['a text without its end', '62 61'],
    ['an array without its last item', '82 00'],
    ['a map without its value', 'a1 00'],
    ['a map without its second entry', 'a2 00 00'],
    ['a tag of nothing', 'c1'],
    ['a float cut short', 'f9 3c'],
    ['a byte string longer than any memory', '5b 7fffffffffffffff'],
    ['a byte string of 4 GB', '5a ffffffff'],
    ['a text longer than any memory', '7b ffffffffffffffff'],
    ['an array longer than any memory', '9b ffffffffffffffff'],
    ['an array of 4 billion', '9a ffffffff'],
    ['a map longer than any memory', 'bb ffffffffffffffff'],
    ['a reserved head, 28', '1c'],
    ['a reserved head, 29', '5d'],
    ['a reserved head, 30', '9e'],
    ['a reserved simple head', 'fc'],
    ['an indefinite integer', '1f'],
    ['an indefinite negative', '3f'],
    ['an indefinite tag', 'df 00'],
    ['a stray break', 'ff'],
    ['a break within an array', '81 ff'],
    ['a break in place of a value', 'a1 00 ff'],
    ['an indefinite array without its break', '9f 00'],
    ['an indefinite map broken off after a key', 'bf 00 ff'],
    ['a text chunk in a byte string', '5f 61 61 ff'],
    ['an indefinite chunk', '5f 5f 41 00 ff ff'],
    ['a number among chunks', '7f 00 ff'],
    ['false in two bytes', 'f8 14'],
    ['a small simple value in two bytes', 'f8 1f'],
    ['text that starts in the middle', '61 80'],
    ['text with an impossible byte', '61 ff'],
    ['text that breaks off', '61 c3'],
    ['text with a wrong continuation', '62 c3 28'],
    ['an overlong slash', '62 c0 af'],
    ['an overlong zero', '63 e0 80 80'],
    ['an overlong euro sign', '64 f0 82 82 ac'],
    ['half a surrogate pair', '63 ed a0 80'],
    ['a point past the last', '64 f4 90 80 80'],
    ['a five-byte sequence', '65 f8 88 80 80 80'],
  ],
  TRAILING_BYTES: [
    ['a second item', '00 00'],
    ['a second item of another type', '81 00 41 00'],
    ['a zero byte after a map', 'a0 00'],
    ['garbage', '00 1c'],
    ['a break', '00 ff'],
    ['the start of another item', '00 19'],
    // MALFORMED, TRAILING_BYTES and NON_CANONICAL are reported in that order (TS-ERR-1).
    ['a second item after one in a long form', '1800 00'],
    ['a second item in a long form', '00 1800'],
  ],
};

describe.each(Object.entries(REFUSED))('%s (TS-ENC-1 to 3)', (code, cases) => {
  test.each(cases)('%s: %s', (_name, text) => {
    expect(decodeHex(text)).toBe(code);
  });
});

test('a long form that is cut short is MALFORMED, not NON_CANONICAL (TS-ERR-1)', () => {
  expect(decodeHex('82 1800')).toBe('MALFORMED');
});

describe('bounds (TS-ENC-4)', () => {
  test('an input is measured before its first byte is looked at', () => {
    expect(codeOf(() => decodeCbor(new Uint8Array(11).fill(0xff), 10))).toBe('OVERSIZED');
    expect(codeOf(() => decodeCbor(new Uint8Array(LIMITS.messageBytes + 1)))).toBe('OVERSIZED');
    const largest = encodeCbor(new Uint8Array(LIMITS.messageBytes - 3));
    expect(largest).toHaveLength(LIMITS.messageBytes);
    expect(codeOf(() => decodeCbor(largest))).toBe('OK');
  });

  test.each([
    ['arrays', '81'],
    ['map values', 'a100'],
    ['map keys', 'a1'],
  ])('%s nest as deep as allowed and no deeper', (_name, level) => {
    const nested = (depth: number): Uint8Array =>
      hex(`${level.repeat(depth)}00${'00'.repeat(level === 'a1' ? depth : 0)}`);
    expect(codeOf(() => decodeCbor(nested(LIMITS.nesting)))).toBe('OK');
    expect(codeOf(() => decodeCbor(nested(LIMITS.nesting + 1)))).toBe('MALFORMED');
  });

  test('takes no more items than a message may have, however short they are (TS-ENC-4)', () => {
    const maps = (count: number): Uint8Array =>
      concat(
        Uint8Array.of(0x9a, 0, count >> 16, (count >> 8) & 255, count & 255),
        emptyMaps(count),
      );
    const emptyMaps = (count: number): Uint8Array => new Uint8Array(count).fill(0xa0);
    const read = (count: number): string =>
      codeOf(() => decodeCbor(maps(count), LIMITS.uploadBytes));
    expect(read(LIMITS.items)).toBe('MALFORMED');
    expect(read(4_000_000)).toBe('MALFORMED');
    // One less fits; this array of it merely has its count in a longer form.
    expect(read(LIMITS.items - 1)).toBe('NON_CANONICAL');
  });

  test('never composes a long text: marks in the wrong order take time in its square', () => {
    const marks = new TextEncoder().encode('\u0301\u0323'.repeat(500_000));
    const length = marks.length;
    const head = Uint8Array.of(0x7a, 0, length >> 16, (length >> 8) & 255, length & 255);
    expect(codeOf(() => decodeCbor(concat(head, marks), LIMITS.uploadBytes))).toBe('MALFORMED');
    const longest = 'a'.repeat(LIMITS.textBytes);
    expect(decodeCbor(encodeCbor(longest))).toBe(longest);
    expect(codeOf(() => decodeCbor(encodeCbor(`${longest}a`)))).toBe('MALFORMED');
  });

  test.each(['81', 'a100', 'a1', 'c1', '9f', 'bf00', '5f'])('a bomb of %s', (level) => {
    const bomb = hex(level.repeat(16_384 / (level.length / 2)));
    expect(codeOf(() => decodeCbor(bomb))).toBe('MALFORMED');
  });
});

test('a Node Buffer, and a view into a larger one, decode as the bytes they show', () => {
  const shared = Buffer.from('ff83014102f6ff', 'hex');
  const item = decodeCbor(shared.subarray(1, 6)) as unknown[];
  expect(item).toEqual([1, Uint8Array.of(2), null]);
  const kept = (item[1] as Uint8Array).slice();
  shared.fill(0);
  expect(kept).toEqual(Uint8Array.of(2));
  expect(Object.getPrototypeOf(item[1])).toBe(Uint8Array.prototype);
});

describe('what cannot be written is a programmer error', () => {
  test.each([
    ['a fraction', 0.5],
    ['an unsafe number', 2 ** 53],
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['undefined', undefined],
    ['an object', {}],
    ['a date', new Date(0)],
    ['half a surrogate pair', '\ud800'],
  ])('%s', (_name, value) => {
    expect(() => encodeCbor([value as Cbor])).toThrow(TypeError);
  });

  test.each([2n ** 64n, -(2n ** 63n) - 1n])('%s is over 64 bits', (value) => {
    expect(() => encodeCbor(value)).toThrow(RangeError);
  });

  test('one key as a number and as a bigint', () => {
    const twice = new Map<unknown, Cbor>([
      [1, 0],
      [1n, 0],
    ]);
    expect(() => encodeCbor(twice as unknown as Cbor)).toThrow(TypeError);
  });
});

test('text is written composed, so that one name has one encoding', () => {
  expect(encodeCbor('e\u0301')).toEqual(encodeCbor('é'));
  // Negative zero is the integer zero.
  expect(encodeCbor(-0)).toEqual(hex('00'));
});

/** What an independent strict decoder makes of the bytes: their one encoding, or null. */
function peerReading(bytes: Uint8Array): string | null {
  const refuse = new (class extends Map {
    override get(): never {
      throw new TypeError('a tag');
    }
  })();
  try {
    const value: unknown = peerDecode(bytes, {
      ...dcborDecodeOptions,
      convertUnsafeIntsToFloat: false,
      rejectBigInts: true,
      rejectFloats: true,
      preferMap: true,
      tags: refuse,
    });
    return toHex(peerEncode(value, dcborEncodeOptions));
  } catch {
    return null;
  }
}

function ownReading(bytes: Uint8Array): string | null {
  let value: unknown;
  const code = codeOf(() => {
    value = decodeCbor(bytes);
  });
  return code === 'OK' ? toHex(encodeCbor(value as Cbor)) : null;
}

describe('laws', () => {
  test('what is written reads back as the same value, from the same bytes as an independent encoder', () => {
    fc.assert(
      fc.property(cborValue, (value) => {
        const bytes = encodeCbor(value);
        expect(decodeCbor(bytes)).toEqual(value);
        expect(toHex(peerEncode(value, dcborEncodeOptions))).toBe(toHex(bytes));
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  test('spoiled bytes are refused or are themselves the one encoding of what they say', () => {
    fc.assert(
      fc.property(cborValue, fc.array(spoiling, { minLength: 1, maxLength: 3 }), (value, ways) => {
        const bytes = ways.reduce(spoil, encodeCbor(value));
        const reading = ownReading(bytes);
        expect(reading ?? toHex(bytes)).toBe(toHex(bytes));
        expect(peerReading(bytes)).toBe(reading);
      }),
      { seed: 2, numRuns: 5_000 },
    );
  });

  test('three bytes are refused or canonical, just as an independent decoder finds', () => {
    const accepted = { ours: 0, both: 0 };
    for (let first = 0; first < 256; first++) {
      for (let rest = 0; rest < 0x10000; rest += 251) {
        const bytes = Uint8Array.of(first, rest >> 8, rest & 0xff);
        const reading = ownReading(bytes);
        if (reading === null) continue;
        expect(reading).toBe(toHex(bytes));
        accepted.ours += 1;
        if (peerReading(bytes) === reading) accepted.both += 1;
      }
    }
    expect(accepted.both).toBe(accepted.ours);
    expect(accepted.ours).toBeGreaterThan(500);
  });
});
