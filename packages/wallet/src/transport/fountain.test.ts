import { encodeCbor } from '@tallystick/protocol';
import { UR, URDecoder, UREncoder } from '@ngraveio/bc-ur';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytewords, encodeBytewords } from './bytewords.ts';
import { crc32 } from './crc32.ts';
import { FountainDecoder, FountainEncoder } from './fountain.ts';
import { mixedFragments } from './fountain-mix.ts';
import { decodePart, encodePart } from './ur-part.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes that differ from place to place, the same in every run. */
function sample(length: number, salt = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + salt) & 0xff);
}

describe('the parts of BC-UR', () => {
  test('CRC-32 of the check string and of BCR-2020-005', () => {
    expect(crc32(ascii('123456789'))).toBe(0xcbf43926);
    expect(crc32(ascii('Wolf'))).toBe(0x598c84dc);
  });

  test('bytewords, minimal style', () => {
    expect(encodeBytewords(Uint8Array.of(0, 1, 2, 128, 255))).toBe('AEADAOLAZMJENDEOTI');
    expect(decodeBytewords('AEADAOLAZMJENDEOTI')).toEqual(Uint8Array.of(0, 1, 2, 128, 255));
  });

  test.each(['AEADAOLAZMJENDEOTO', 'AEADAOLAZMJENDEOT', 'aeadaolazmjendeoti', 'AEADAO', ''])(
    'bytewords refuse %j',
    (text) => {
      expect(decodeBytewords(text)).toBeNull();
    },
  );

  test('the first parts are the plain fragments in order', () => {
    const first = Array.from({ length: 7 }, (_, index) => mixedFragments(index + 1, 7, 1));
    expect(first).toEqual([[0], [1], [2], [3], [4], [5], [6]]);
  });

  test.each([1, 2, 7, 328, 512])('a mix of %i fragments holds each at most once', (parts) => {
    for (let number = parts + 1; number <= parts + 300; number++) {
      const mix = mixedFragments(number, parts, 0x12345678);
      expect(mix.length).toBeGreaterThan(0);
      expect(new Set(mix).size).toBe(mix.length);
      expect(mix.every((index) => index >= 0 && index < parts)).toBe(true);
    }
  });
});

describe('another implementation of BC-UR', () => {
  const sizes = [250, 801, 2_000, 9_999];

  test.each(sizes)('writes the same parts of %i bytes', (size) => {
    const message = encodeCbor(sample(size));
    const theirs = new UREncoder(new UR(Buffer.from(message), 'tallystick'), 200, 0, 1);
    const ours = new FountainEncoder(message, 200);
    for (let number = 1; number <= ours.sequence.parts * 3 + 20; number++) {
      expect(encodePart(ours.part(number))).toBe(theirs.nextPart().toUpperCase());
    }
  });

  test.each(sizes)('reads mixed parts of %i bytes that we wrote', (size) => {
    const encoder = new FountainEncoder(encodeCbor(sample(size)), 200);
    const { parts } = encoder.sequence;
    const decoder = new URDecoder();
    for (let number = parts + 1; number <= parts * 20 && !decoder.isComplete(); number++) {
      decoder.receivePart(encodePart(encoder.part(number)));
    }
    expect(Uint8Array.from(decoder.resultUR().decodeCBOR())).toEqual(sample(size));
  });
});

describe('collecting parts', () => {
  function collect(encoder: FountainEncoder, numbers: Iterable<number>): FountainDecoder {
    const decoder = new FountainDecoder(encoder.part(1));
    for (const number of numbers) {
      expect(decoder.add(encoder.part(number))).toBe(true);
      if (decoder.progress === 1) break;
    }
    return decoder;
  }

  test('any parts in any order, repeated, give the message as soon as they determine it', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 0xffffffff }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), numbers, (message, random) => {
        const encoder = new FountainEncoder(message, 20);
        const plain = Array.from({ length: encoder.sequence.parts }, (_, index) => index + 1);
        const decoder = collect(encoder, [...random, ...random, ...plain.toReversed()]);
        expect(decoder.progress).toBe(1);
        expect(decoder.message()).toEqual(message);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test('progress never falls and counts only what is new', () => {
    const encoder = new FountainEncoder(sample(1_000), 100);
    const decoder = new FountainDecoder(encoder.part(1));
    const seen = [3, 3, 1, 11, 12, 3].map((number) => {
      decoder.add(encoder.part(number));
      return Math.round(decoder.progress * 10);
    });
    expect(seen).toEqual([1, 1, 2, 3, 4, 4]);
  });

  test.each([
    ['count', { parts: 11 }],
    ['length', { messageBytes: 999 }],
    ['checksum', { checksum: 1 }],
    ['fragment length', { fragment: new Uint8Array(99) }],
  ])('a part of another %s belongs to another message', (_, change) => {
    const encoder = new FountainEncoder(sample(1_000), 100);
    const decoder = new FountainDecoder(encoder.part(1));
    expect(decoder.takes(encoder.part(12))).toBe(true);
    expect(decoder.takes({ ...encoder.part(12), ...change })).toBe(false);
  });

  test('a part that contradicts the others is noticed', () => {
    const encoder = new FountainEncoder(sample(500), 100);
    const decoder = collect(encoder, [1, 2]);
    const forged = { ...encoder.part(2), fragment: sample(100, 99) };
    expect(decoder.takes(forged)).toBe(true);
    expect(decoder.add(forged)).toBe(false);
  });

  test('a wrong checksum gives no message', () => {
    const encoder = new FountainEncoder(sample(200), 100);
    const parts = [1, 2].map((number) => ({ ...encoder.part(number), checksum: 1 }));
    const decoder = new FountainDecoder(parts[0]!);
    for (const part of parts) expect(decoder.add(part)).toBe(true);
    expect(decoder.progress).toBe(1);
    expect(decoder.message()).toBeNull();
  });

  test('padding that is not zero gives no message, though the checksum does not cover it', () => {
    const encoder = new FountainEncoder(sample(149), 100);
    const last = encoder.part(2);
    expect(last.fragment.length).toBe(75);
    last.fragment[74] = 1;
    const decoder = collect(encoder, [1]);
    expect(decoder.add(last)).toBe(true);
    expect(decoder.progress).toBe(1);
    expect(decoder.message()).toBeNull();
  });
});

describe('the text of a part', () => {
  const encoder = new FountainEncoder(sample(1_000), 200);

  test('survives', () => {
    for (const number of [1, 5, 23, 24, 255, 256, 65_535, 65_536, 0xffffffff]) {
      expect(decodePart(encodePart(encoder.part(number)))).toEqual(encoder.part(number));
    }
  });

  test.each([
    ['number 0', { number: 0 }],
    ['a message longer than its fragments', { messageBytes: 1_001 }],
    ['a message that leaves a whole fragment empty', { messageBytes: 800 }],
    ['no parts', { parts: 0 }],
    ['an empty fragment', { fragment: new Uint8Array() }],
  ])('is refused with %s', (_, change) => {
    expect(decodePart(encodePart({ ...encoder.part(1), ...change }))).toBeNull();
  });

  const words = (...bytes: number[]): string =>
    `UR:TALLYSTICK/1-1/${encodeBytewords(Uint8Array.from(bytes))}`;
  const cases: [string, string, boolean][] = [
    ['its shortest form', words(0x85, 1, 1, 1, 0, 0x41, 7), true],
    ['a longer head than needed, one byte', words(0x85, 0x18, 1, 1, 1, 0, 0x41, 7), false],
    ['a longer head than needed, two bytes', words(0x85, 0x19, 0, 1, 1, 1, 0, 0x41, 7), false],
    ['a longer head than needed, four', words(0x85, 0x1a, 0, 0, 0, 1, 1, 1, 0, 0x41, 7), false],
    ['a 64-bit number', words(0x85, 0x1b, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0x41, 7), false],
    ['a sixth item', words(0x86, 1, 1, 1, 0, 0x41, 7, 0), false],
    ['a trailing byte', words(0x85, 1, 1, 1, 0, 0x41, 7, 0), false],
    ['text for a fragment', words(0x85, 1, 1, 1, 0, 0x61, 7), false],
    ['a fragment cut short', words(0x85, 1, 1, 1, 0, 0x42, 7), false],
    ['an indefinite fragment', words(0x85, 1, 1, 1, 0, 0x5f, 0x41, 7, 0xff), false],
    ['nothing after the head', words(0x85), false],
    ['no body', words(), false],
  ];
  test.each(cases)('with %s: %s', (_, text, accepted) => {
    expect(decodePart(text) !== null).toBe(accepted);
  });

  const [label, body] = encodePart(encoder.part(2)).split('/').slice(1) as [string, string];
  test.each([
    ['another label', `UR:TALLYSTICK/3-5/${body}`],
    ['a leading zero', `UR:TALLYSTICK/02-5/${body}`],
    ['a label of spaces', `UR:TALLYSTICK/ 2-5/${body}`],
    ['a further component', `UR:TALLYSTICK/${label}/${body}/${body}`],
    ['no label', `UR:TALLYSTICK/${body}`],
    ['another type', `UR:BYTES/${label}/${body}`],
    ['lower case', `ur:tallystick/${label}/${body.toLowerCase()}`],
  ])('is refused with %s', (_, text) => {
    expect(decodePart(text)).toBeNull();
  });
});
