import { LIMITS } from '@tallystick/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBytewords } from './bytewords.ts';
import { FountainEncoder, type Part } from './fountain.ts';
import {
  encodeQr,
  PARTS_MAX,
  QrAssembler,
  type QrCode,
  type QrResult,
  SINGLE_BYTES,
} from './qr.ts';
import { encodePart, TEXT_CHARACTERS_MAX } from './ur-part.ts';

const sample = (length: number, salt = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + salt) & 0xff);

const outcome = (result: QrResult): string | number | Uint8Array => {
  if (!result.ok) return result.error.code;
  return 'done' in result.value ? result.value.done : result.value.progress;
};

/** Scans the pictures at those indices until the frame is there; the frame and how many it took. */
function scan(
  code: QrCode,
  indices: Iterable<number>,
  assembler: QrAssembler = new QrAssembler(),
): { frame: Uint8Array | null; scanned: number } {
  let scanned = 0;
  for (const index of indices) {
    scanned += 1;
    const result = assembler.add(code.text(index));
    if (!result.ok) throw new Error(result.error.code);
    if ('done' in result.value) return { frame: result.value.done, scanned };
  }
  return { frame: null, scanned };
}

function* from(first: number): Generator<number> {
  for (let index = first; ; index++) yield index;
}

describe('encoding', () => {
  test('a frame of up to 800 bytes is one still code, all in alphanumeric characters', () => {
    const code = encodeQr(sample(SINGLE_BYTES));
    expect(code.parts).toBe(1);
    expect(code.text(0)).toMatch(/^TS1:[0-9A-Z $%*+\-./:]{1200}$/);
    expect(code.text(7)).toBe(code.text(0));
  });

  test('a larger frame is an animation whose texts are bounded and alphanumeric', () => {
    const code = encodeQr(sample(SINGLE_BYTES + 1));
    expect(code.parts).toBe(5);
    for (let index = 0; index < 40; index++) {
      const text = code.text(index);
      expect(text).toMatch(/^UR:TALLYSTICK\/\d+-5\/[A-Z]+$/);
      expect(text.length).toBeLessThan(500);
    }
  });

  test('the largest frame stays within the parts a scanner collects', () => {
    const code = encodeQr(sample(LIMITS.frameBytes));
    expect(code.parts).toBe(328);
    expect(code.parts).toBeLessThanOrEqual(PARTS_MAX);
    expect(scan(code, from(0)).frame).toEqual(sample(LIMITS.frameBytes));
  });

  test.each([0, LIMITS.frameBytes + 1])('refuses %i bytes', (length) => {
    expect(() => encodeQr(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('scanning', () => {
  test('every frame survives, on either side of the bound', () => {
    const frames = fc.uint8Array({ minLength: 1, maxLength: 2_500, size: 'max' });
    fc.assert(
      fc.property(frames, (frame) => {
        expect(scan(encodeQr(frame), from(0)).frame).toEqual(frame);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('lost, repeated and reordered pictures only take longer', () => {
    const size = fc.integer({ min: SINGLE_BYTES + 1, max: 4_000 });
    const pictures = fc.array(fc.nat(200), { maxLength: 80 });
    fc.assert(
      fc.property(size, pictures, fc.nat(1_000_000), (bytes, random, start) => {
        const code = encodeQr(sample(bytes));
        const assembler = new QrAssembler();
        const early = scan(code, [...random, ...random], assembler).frame;
        expect(early ?? scan(code, from(start), assembler).frame).toEqual(sample(bytes));
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  test('a scanner that misses every third picture needs few pictures more than there are parts', () => {
    const code = encodeQr(sample(2_000));
    const everyThirdMissed = [...Array(300).keys()].filter((index) => index % 3 !== 2);
    expect(code.parts).toBe(10);
    const { frame, scanned } = scan(code, everyThirdMissed);
    expect(frame).toEqual(sample(2_000));
    expect(scanned).toBeLessThanOrEqual(2 * code.parts);
  });

  test('a finished code goes on giving its frame, as a copy, whatever parts still come', () => {
    const code = encodeQr(sample(1_000));
    const assembler = new QrAssembler();
    scan(code, from(0), assembler).frame?.fill(0);
    expect(outcome(assembler.add(code.text(50)))).toEqual(sample(1_000));
    const first = new FountainEncoder(sample(1_000), 200).part(1);
    const forged = encodePart({ ...first, fragment: sample(200, 99) });
    expect(outcome(assembler.add(forged))).toEqual(sample(1_000));
  });

  test('another sequence drops the one before it, and comes back from nothing', () => {
    const one = encodeQr(sample(1_000, 1));
    const two = encodeQr(sample(1_000, 2));
    const assembler = new QrAssembler();
    expect(outcome(assembler.add(one.text(0)))).toBeCloseTo(1 / 5);
    expect(outcome(assembler.add(one.text(1)))).toBeCloseTo(2 / 5);
    expect(outcome(assembler.add(two.text(2)))).toBeCloseTo(1 / 5);
    expect(outcome(assembler.add(one.text(2)))).toBeCloseTo(1 / 5);
    expect(scan(two, from(0), assembler).frame).toEqual(sample(1_000, 2));
    expect(scan(one, from(0), assembler).frame).toEqual(sample(1_000, 1));
  });

  test('mixed sequences never give a frame that nobody sent', () => {
    const sent = [1, 2, 3].map((salt) => sample(900 + salt, salt));
    const codes = sent.map(encodeQr);
    const step = fc.tuple(fc.nat(2), fc.nat(30));
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 200 }), (steps) => {
        const assembler = new QrAssembler();
        for (const [which, index] of steps) {
          const result = outcome(assembler.add(codes[which]!.text(index)));
          const inProgress = typeof result === 'number';
          expect(inProgress ? sent[which] : result).toEqual(sent[which]);
        }
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  test('a still code in view does not disturb an animation', () => {
    const code = encodeQr(sample(1_000));
    const assembler = new QrAssembler();
    assembler.add(code.text(0));
    expect(outcome(assembler.add(encodeQr(sample(10)).text(0)))).toEqual(sample(10));
    expect(outcome(assembler.add(code.text(1)))).toBeCloseTo(2 / 5);
  });
});

describe('what a scanner refuses', () => {
  const part = (change: Partial<Part>): string =>
    encodePart({ ...new FountainEncoder(sample(1_000), 200).part(1), ...change });

  test.each([
    ['a web address', 'https://example.org/', 'QR_FOREIGN'],
    ['nothing', '', 'QR_FOREIGN'],
    ['another uniform resource', 'UR:BYTES/AEADAOLAZMJENDEOTI', 'QR_FOREIGN'],
    ['our prefix in lower case', 'ts1:BB8', 'QR_FOREIGN'],
    ['a still code without bytes', 'TS1:', 'QR_DAMAGED'],
    ['a still code cut short', 'TS1:BB8A', 'QR_DAMAGED'],
    ['a still code with a stray character', 'TS1:bb8', 'QR_DAMAGED'],
    ['an animated code without parts', 'UR:TALLYSTICK/', 'QR_DAMAGED'],
    ['a resource in one part', `UR:TALLYSTICK/${encodeBytewords(sample(9))}`, 'QR_DAMAGED'],
    ['a damaged part', part({}).replace(/..$/, 'AE'), 'QR_DAMAGED'],
    ['more text than a code holds', 'TS1:'.padEnd(TEXT_CHARACTERS_MAX + 1, 'A'), 'QR_OVERSIZED'],
    [
      'more parts than allowed',
      part({ parts: PARTS_MAX + 1, messageBytes: PARTS_MAX + 1, fragment: Uint8Array.of(1) }),
      'QR_OVERSIZED',
    ],
    [
      'four thousand million parts',
      part({ parts: 0xffffffff, messageBytes: 0xffffffff, fragment: Uint8Array.of(1) }),
      'QR_OVERSIZED',
    ],
    [
      'a message larger than a frame',
      part({ parts: 350, messageBytes: 350 * 200, fragment: sample(200) }),
      'QR_OVERSIZED',
    ],
  ])('%s', (_, text, code) => {
    expect(outcome(new QrAssembler().add(text))).toBe(code);
  });

  test('parts that contradict each other, and then it starts anew', () => {
    const code = encodeQr(sample(1_000));
    const encoder = new FountainEncoder(sample(1_000), 200);
    const assembler = new QrAssembler();
    assembler.add(code.text(0));
    const forged = encodePart({
      ...encoder.part(1),
      fragment: sample(200, 99),
    });
    expect(outcome(assembler.add(forged))).toBe('QR_CONFLICT');
    expect(outcome(assembler.add(code.text(1)))).toBeCloseTo(1 / 5);
    expect(scan(code, from(0), assembler).frame).toEqual(sample(1_000));
  });

  test('a forged part is found at the latest by the checksum, and then it starts anew', () => {
    const code = encodeQr(sample(1_000));
    const encoder = new FountainEncoder(sample(1_000), 200);
    const assembler = new QrAssembler();
    assembler.add(encodePart({ ...encoder.part(1), fragment: sample(200, 99) }));
    const results = [1, 2, 3, 4].map((index) => outcome(assembler.add(code.text(index))));
    expect(results.at(-1)).toBe('QR_CONFLICT');
    expect(scan(code, from(0), assembler).frame).toEqual(sample(1_000));
  });
});

describe('hostile text', () => {
  const real = [900, 1_300, 40].flatMap((size) =>
    [0, 1, 7, 20].map((index) => encodeQr(sample(size)).text(index)),
  );
  const alphanumeric = fc.string({
    unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.split('')),
    maxLength: 200,
  });
  const body = fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => encodeBytewords(Uint8Array.of(0x85, ...bytes)));
  const label = fc.tuple(fc.nat(5), fc.nat(600)).map(([number, parts]) => `${number}-${parts}`);
  const mutated = fc
    .tuple(fc.constantFrom(...real), fc.nat(1_000), fc.string({ maxLength: 3, unit: 'binary' }))
    .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1));
  const header = fc
    .record({
      number: fc.integer({ min: 1, max: 0xffffffff }),
      parts: fc.integer({ min: 1, max: 520 }),
      checksum: fc.nat(2),
      fragment: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      padding: fc.nat(25),
    })
    .map(({ padding, ...part }) => {
      const messageBytes = Math.max(part.parts * part.fragment.length - padding, 0);
      return encodePart({ ...part, messageBytes });
    });
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    alphanumeric,
    alphanumeric.map((text) => `TS1:${text}`),
    alphanumeric.map((text) => `UR:TALLYSTICK/${text}`),
    fc.tuple(label, body).map(([sequence, words]) => `UR:TALLYSTICK/${sequence}/${words}`),
    header,
    mutated,
    fc.constantFrom(...real),
  );

  test('20,000 texts into one scanner: it answers each, and afterwards still reads a code', () => {
    const assembler = new QrAssembler();
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(hostile, (text) => {
        const result = outcome(assembler.add(text));
        const kind = typeof result === 'string' ? result : typeof result;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        if (typeof result !== 'number') return;
        expect(result).toBeGreaterThan(0);
        expect(result).toBeLessThan(1);
      }),
      { seed: 4, numRuns: 20_000 },
    );
    // Each branch was reached, so the run means something.
    const kinds = ['QR_CONFLICT', 'QR_DAMAGED', 'QR_FOREIGN', 'QR_OVERSIZED', 'number', 'object'];
    expect([...seen.keys()].sort()).toEqual(kinds);
    expect(scan(encodeQr(sample(3_000)), from(0), assembler).frame).toEqual(sample(3_000));
  });
});
