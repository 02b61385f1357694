import { fromHex } from '../../bytes.ts';
import { encodeCbor } from '../../cbor.ts';
import type { ErrorCode } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import type { Vector, VectorFile } from '../file.ts';
import { invalid, valid } from '../vector.ts';

function hex(text: string): Uint8Array {
  return fromHex(text.replaceAll(' ', '')) ?? new Uint8Array(0);
}

const VALID: readonly (readonly [name: string, hex: string])[] = [
  ['zero', '00'],
  ['the largest number in one byte', '17'],
  ['the smallest number in two bytes', '1818'],
  ['255', '18ff'],
  ['256', '190100'],
  ['65535', '19ffff'],
  ['65536', '1a00010000'],
  ['2^32 - 1', '1affffffff'],
  ['2^32', '1b0000000100000000'],
  ['2^53 - 1', '1b001fffffffffffff'],
  ['2^53', '1b0020000000000000'],
  ['2^53 + 1', '1b0020000000000001'],
  ['2^64 - 1', '1bffffffffffffffff'],
  ['minus one', '20'],
  ['minus 2^53', '3b001fffffffffffff'],
  ['minus 2^63', '3b7fffffffffffffff'],
  ['false', 'f4'],
  ['true', 'f5'],
  ['null', 'f6'],
  ['no bytes', '40'],
  ['bytes', '4401020304'],
  ['no text', '60'],
  ['text of one, two, three and four bytes', '6a 61 c3bc e6b0b4 f0908591'],
  ['composed text', '62 c3a9'],
  ['an empty array', '80'],
  ['arrays in arrays', '83 01 820203 820405'],
  ['an empty map', 'a0'],
  ['keys in the order of their encodings', 'a6 0a05 186404 2002 617a01 626161 03 8120 f5'],
];

const INVALID: readonly (readonly [name: string, clause: string, code: ErrorCode, hex: string])[] =
  [
    ['nothing', 'TS-ENC-1', 'MALFORMED', ''],
    ['a head cut short', 'TS-ENC-1', 'MALFORMED', '19 01'],
    ['bytes cut short', 'TS-ENC-1', 'MALFORMED', '42 00'],
    ['text cut short', 'TS-ENC-1', 'MALFORMED', '62 61'],
    ['an array cut short', 'TS-ENC-1', 'MALFORMED', '82 00'],
    ['a map cut short', 'TS-ENC-1', 'MALFORMED', 'a1 00'],
    ['bytes longer than any memory', 'TS-ENC-1', 'MALFORMED', '5b 7fffffffffffffff'],
    ['an array longer than any memory', 'TS-ENC-1', 'MALFORMED', '9b ffffffffffffffff'],
    ['a map longer than any memory', 'TS-ENC-1', 'MALFORMED', 'bb ffffffffffffffff'],
    ['a reserved head', 'TS-ENC-1', 'MALFORMED', '1c'],
    ['a stray break', 'TS-ENC-1', 'MALFORMED', 'ff'],
    ['an indefinite number', 'TS-ENC-1', 'MALFORMED', '1f'],
    ['a text chunk among bytes', 'TS-ENC-1', 'MALFORMED', '5f 6161 ff'],
    ['an indefinite map with half an entry', 'TS-ENC-1', 'MALFORMED', 'bf 00 ff'],
    ['false in two bytes', 'TS-ENC-1', 'MALFORMED', 'f8 14'],
    ['text that is not UTF-8', 'TS-ENC-1', 'MALFORMED', '61 ff'],
    ['text with an overlong form', 'TS-ENC-1', 'MALFORMED', '62 c0af'],
    ['text with half a surrogate pair', 'TS-ENC-1', 'MALFORMED', '63 eda080'],
    ['text past U+10FFFF', 'TS-ENC-1', 'MALFORMED', '64 f4908080'],
    ['arrays nested too deep', 'TS-ENC-4', 'MALFORMED', `${'81'.repeat(LIMITS.nesting + 1)}00`],
    ['a long form that is cut short', 'TS-ERR-1', 'MALFORMED', '82 1800'],
    ['a second item', 'TS-ENC-3', 'TRAILING_BYTES', '00 00'],
    ['rubbish behind an item', 'TS-ENC-3', 'TRAILING_BYTES', 'a0 1c'],
    ['a long form, and a second item', 'TS-ERR-1', 'TRAILING_BYTES', '1800 00'],
    ['a number in a long form, two bytes', 'TS-ENC-2', 'NON_CANONICAL', '1817'],
    ['a number in a long form, three bytes', 'TS-ENC-2', 'NON_CANONICAL', '1900ff'],
    ['a number in a long form, five bytes', 'TS-ENC-2', 'NON_CANONICAL', '1a0000ffff'],
    ['a number in a long form, nine bytes', 'TS-ENC-2', 'NON_CANONICAL', '1b00000000ffffffff'],
    ['a negative number in a long form', 'TS-ENC-2', 'NON_CANONICAL', '3800'],
    ['a length in a long form', 'TS-ENC-2', 'NON_CANONICAL', '580161'],
    ['a count in a long form', 'TS-ENC-2', 'NON_CANONICAL', '980100'],
    ['a negative number of 65 bits', 'TS-ENC-2', 'NON_CANONICAL', '3b8000000000000000'],
    ['a float that is whole', 'TS-ENC-2', 'NON_CANONICAL', 'f9 3c00'],
    ['a float', 'TS-ENC-2', 'NON_CANONICAL', 'fb 3ff199999999999a'],
    ['no number', 'TS-ENC-2', 'NON_CANONICAL', 'f9 7e00'],
    ['infinity', 'TS-ENC-2', 'NON_CANONICAL', 'f9 7c00'],
    ['negative zero', 'TS-ENC-2', 'NON_CANONICAL', 'f9 8000'],
    ['undefined', 'TS-ENC-2', 'NON_CANONICAL', 'f7'],
    ['an unassigned simple value', 'TS-ENC-2', 'NON_CANONICAL', 'f0'],
    ['a big integer', 'TS-ENC-2', 'NON_CANONICAL', 'c2 49 010000000000000000'],
    ['a date', 'TS-ENC-2', 'NON_CANONICAL', 'c1 1a 514b67b0'],
    ['the self-described tag', 'TS-ENC-2', 'NON_CANONICAL', 'd9d9f7 00'],
    ['a tag inside', 'TS-ENC-2', 'NON_CANONICAL', '81 d824 01'],
    ['indefinite bytes', 'TS-ENC-2', 'NON_CANONICAL', '5f 4100 ff'],
    ['indefinite text', 'TS-ENC-2', 'NON_CANONICAL', '7f 6161 ff'],
    ['an indefinite array', 'TS-ENC-2', 'NON_CANONICAL', '9f 01 ff'],
    ['an indefinite map', 'TS-ENC-2', 'NON_CANONICAL', 'bf 0102 ff'],
    ['a key twice', 'TS-ENC-2', 'NON_CANONICAL', 'a2 0100 0101'],
    ['keys out of order', 'TS-ENC-2', 'NON_CANONICAL', 'a2 0200 0100'],
    ['keys ordered by length first', 'TS-ENC-2', 'NON_CANONICAL', 'a2 616100 181800'],
    ['decomposed text', 'TS-ENC-2', 'NON_CANONICAL', '63 65cc81'],
  ];

function oversized(): Vector[] {
  const longest = encodeCbor(new Uint8Array(LIMITS.messageBytes - 3)).subarray(0, 3);
  const tooLong = encodeCbor(new Uint8Array(LIMITS.messageBytes - 2)).subarray(0, 3);
  return [
    invalid('one byte too long', 'TS-ENC-4', 'cbor', tooLong, 'OVERSIZED', {
      zeros: LIMITS.messageBytes - 2,
    }),
    invalid('one byte too long, and no CBOR', 'TS-ERR-1', 'cbor', hex('ff'), 'OVERSIZED', {
      zeros: LIMITS.messageBytes,
    }),
    invalid('an item too many', 'TS-ENC-4', 'upload', hex('9a 00010000'), 'MALFORMED', {
      zeros: LIMITS.items,
    }),
    invalid('as many items as allowed', 'TS-ENC-4', 'upload', hex('99 ffff'), 'BAD_FIELD', {
      zeros: LIMITS.items - 1,
    }),
    invalid('a text too long', 'TS-ENC-4', 'cbor', hex('79 0401'), 'MALFORMED', {
      zeros: LIMITS.textBytes + 1,
    }),
    invalid('as long as allowed, and cut short', 'TS-ENC-1', 'cbor', longest, 'MALFORMED', {
      zeros: LIMITS.messageBytes - 4,
    }),
  ];
}

/** Any item, whatever it means. */
export const encoding: VectorFile = {
  chapter: '01-encoding',
  about: 'Single CBOR items, read as no message in particular.',
  vectors: [
    ...VALID.map(([name, text]) => valid(name, 'TS-ENC-2', 'cbor', hex(text))),
    ...INVALID.map(([name, clause, code, text]) => invalid(name, clause, 'cbor', hex(text), code)),
    ...oversized(),
  ],
};
