import { describe, expect, test } from 'vitest';
import { ALICE, fact, posting } from '../testing/rows.ts';
import { packFacts, unpackFacts, unpackPlaces } from './facts.ts';
import { PackReader, PackWriter } from './packing.ts';
import { packPostings, unpackPostings } from './posting-lines.ts';

/** Packed bytes of their own, without their last `count`. */
function cut(packed: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from(packed.subarray(0, packed.length - count));
}

describe('packed rows', () => {
  test('hold whole numbers of any size', () => {
    const sums = [0n, 1n, 255n, 256n, 2n ** 63n, 2n ** 200n];
    const writer = new PackWriter(1);
    for (const sum of sums) writer.sum(sum);
    const reader = new PackReader(writer.finish(), 1);
    expect(sums.map(() => reader.sum())).toEqual(sums);
    reader.end();
  });

  test('refuse what is no count', () => {
    for (const value of [Number.NaN, -1, 0.5, 2 ** 60]) {
      expect(() => new PackWriter(1).count(value)).toThrow(RangeError);
    }
  });

  test('refuse to be read by code of another version', () => {
    expect(() => new PackReader(new PackWriter(3).finish(), 1, 2)).toThrow('layout 3, not 1 or 2');
  });

  test('refuse to be read when they are cut short or too long', () => {
    const lines = packPostings([posting(1, { participant: 'BETA', counterparty: 'ALFA' })]);
    expect(() => unpackPostings(ALICE, cut(lines, 2))).toThrow(RangeError);
    const one = packFacts([fact(1)]);
    const two = packFacts([fact(1), fact(2)]);
    expect(unpackFacts(ALICE, two)).toHaveLength(2);
    expect(() => unpackPlaces(cut(one.places, 3))).toThrow(RangeError);
    expect(() => unpackFacts(ALICE, { ...two, places: one.places })).toThrow(RangeError);
    expect(() => unpackFacts(ALICE, { ...one, places: two.places })).toThrow(RangeError);
  });

  test('of the first layout, with amounts of eight bytes, are read', () => {
    const { cause, participant, amount } = posting(1);
    const writer = new PackWriter(1);
    for (const place of [2, 2, 1]) writer.u8(place);
    writer.i32(0);
    writer.i32(978);
    writer.money(amount);
    writer.u8(32);
    writer.name(cause, 32);
    writer.text(participant);
    writer.text('');
    expect(unpackPostings(ALICE, writer.finish())).toEqual([posting(1)]);
  });
});
