import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cbor } from './cbor.ts';
import { indexSet, packedBytes, packIndices } from './index-set.ts';
import { LIMITS } from './limits.ts';
import { attempt } from './result.ts';
import { codeOf, hex } from './testing/outcome.ts';

const sets = fc
  .uniqueArray(
    fc.oneof(
      fc.integer({ min: 0, max: LIMITS.listEntries - 1 }),
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom(0, LIMITS.listEntries - 1),
    ),
    { maxLength: 200 },
  )
  .map((indices) => indices.toSorted((a, b) => a - b));

const decode = (count: number, parameter: number, bits: Uint8Array): readonly number[] =>
  indexSet.decode([count, parameter, bits], 'set');

/** A simple generator, so that the same set is measured every time. */
function spread(of: number, every: number): number[] {
  let seed = 12_345;
  const chosen: number[] = [];
  for (let index = 0; index < of; index++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    if (seed / 2 ** 32 < 1 / every) chosen.push(index);
  }
  return chosen;
}

/** log2 of the number of sets of that size: no code does better on average. */
function entropyBits(of: number, size: number): number {
  let bits = 0;
  for (let index = 0; index < size; index++) bits += Math.log2((of - index) / (index + 1));
  return bits;
}

describe('a set of indices (TS-LST-7)', () => {
  test('reads back as it was written', () => {
    fc.assert(
      fc.property(sets, (indices) => {
        expect(indexSet.decode(indexSet.encode(indices), 'set')).toEqual(indices);
      }),
      { seed: 51 },
    );
  });

  test('is the gaps in a Golomb-Rice code, highest bit first', () => {
    expect(packIndices([])).toEqual({ count: 0, parameter: 0, bits: hex('') });
    expect(packIndices([0])).toEqual({ count: 1, parameter: 0, bits: hex('00') });
    // 5 = 1 · 2^2 + 1: one one, a zero, and 01.
    expect(packIndices([5])).toEqual({ count: 1, parameter: 2, bits: hex('90') });
    // Parameter 1: gaps 1, 0 and 2 are 01, 00 and 100.
    expect(packIndices([1, 2, 5])).toEqual({ count: 3, parameter: 1, bits: hex('48') });
  });

  test('has one encoding: whatever else is read is refused, or is the same set written so', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 24 }),
        fc.uint8Array({ maxLength: 12 }),
        (count, parameter, bits) => {
          const read = attempt(() => decode(count, parameter, bits));
          const again = read.ok ? packIndices(read.value) : read.error.code;
          expect(again).toEqual(read.ok ? { count, parameter, bits } : 'BAD_FIELD');
        },
      ),
      { seed: 41, numRuns: 3_000 },
    );
  });

  test.each([
    ['fewer bits than indices', 9, 0, '00'],
    ['a quotient without end', 1, 0, 'ff'],
    ['a remainder cut short', 1, 8, 'ff00'],
    ['a parameter that its writer would not choose', 1, 3, '50'],
    ['a bit in what fills up', 1, 2, '98'],
    ['a byte too many', 1, 2, '9000'],
    ['a parameter for nothing', 0, 1, ''],
    ['an index past the list', 1, 23, '800000'],
  ] as const)('%s is refused', (_, count, parameter, bits) => {
    expect(codeOf(() => decode(count, parameter, hex(bits)))).toBe('BAD_FIELD');
  });

  test('sets nothing aside for a count that the bits cannot hold', () => {
    const claimed: Cbor = [LIMITS.deltaEntries, 23, new Uint8Array(3)];
    expect(codeOf(() => indexSet.decode(claimed, 'set'))).toBe('BAD_FIELD');
    expect(codeOf(() => decode(LIMITS.deltaEntries + 1, 0, new Uint8Array(4_096)))).toBe(
      'BAD_FIELD',
    );
  });

  test('is measured without being packed', () => {
    fc.assert(
      fc.property(sets, (indices) => {
        expect(packedBytes(indices)).toBe(packIndices(indices).bits.length);
      }),
      { seed: 52 },
    );
  });

  test('what does not ascend is not written', () => {
    for (const wrong of [[3, 3], [4, 1], [-1], [0.5], [2 ** 32]]) {
      expect(() => packIndices(wrong)).toThrow(RangeError);
    }
  });

  test('one in a thousand of a million takes at most 2 % more than the entropy', () => {
    const indices = spread(1_000_000, 1_000);
    const { bits } = packIndices(indices);
    expect(bits.length * 8).toBeLessThan(1.02 * entropyBits(1_000_000, indices.length));
    expect(bits.length * 8).toBeGreaterThan(0.98 * entropyBits(1_000_000, indices.length));
  });
});
