import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, equal, equalSecret, fromHex, sha256, toHex } from './bytes.ts';
import { hashParts as hashElsewhere } from './sha256.ts';
import { hashParts as hashInNode } from './sha256-node.ts';
import { readUtf8, utf8Length, writeUtf8 } from './utf8.ts';

const encoder = new TextEncoder();

test('sha256 of parts is that of their concatenation (FIPS 180-4)', () => {
  expect(toHex(sha256())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(toHex(sha256(encoder.encode('abc')))).toBe(abc);
  expect(toHex(sha256(encoder.encode('a'), new Uint8Array(0), encoder.encode('bc')))).toBe(abc);
});

describe('SHA-256 in Node and elsewhere', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });

  test('is one function, whatever the parts', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 4 }), (parts) => {
        expect(toHex(hashInNode(parts))).toBe(toHex(hashElsewhere(parts)));
        expect(toHex(sha256(...parts))).toBe(toHex(hashElsewhere([concat(...parts)])));
      }),
      { seed: 1 },
    );
  });

  test.each([
    ['Node', hashInNode],
    ['elsewhere', hashElsewhere],
  ] as const)('%s: reads views, and gives plain bytes in memory of their own', (_, hashParts) => {
    const whole = Uint8Array.from({ length: 100 }, (_, index) => index);
    const shared = new Uint8Array(new SharedArrayBuffer(100));
    shared.set(whole);
    const inParts = [whole, shared, Buffer.from(whole)].map((each) =>
      hashParts([each.subarray(10, 30), each.subarray(30, 90)]),
    );
    const one = hashParts([shared.subarray(10, 90)]);
    expect(toHex(one)).toBe('3e60916672e287ef2242d782ad2d79cb2ee513dd118f2490f59b5acfad599104');
    expect(inParts).toEqual([one, one, one]);
    expect(one.constructor).toBe(Uint8Array);
    expect(one.buffer.byteLength).toBe(32);
  });
});

test('hex of either case is read, and nothing else', () => {
  expect(fromHex('00fFAb')).toEqual(Uint8Array.of(0, 255, 171));
  expect(fromHex('')).toEqual(new Uint8Array(0));
  for (const text of ['0', '0g', ' 00', '00 ', '0x00', '-1', '٠٠'])
    expect(fromHex(text)).toBeNull();
});

describe('equality', () => {
  const same = fc.uint8Array({ maxLength: 8 });

  test('of bytes, in the open or in secret, is that of their hex', () => {
    fc.assert(
      fc.property(same, same, (a, b) => {
        const expected = toHex(a) === toHex(b);
        expect(equal(a, b)).toBe(expected);
        expect(equalSecret(a, b)).toBe(expected);
        expect(equalSecret(a, a.slice())).toBe(true);
        expect(equal(concat(a, b), concat(a, b))).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test.each([
    ['00', '01'],
    ['0001', '0101'],
    ['0100', '0101'],
    ['00', '0000'],
    ['', '00'],
  ])('%s is not %s', (a, b) => {
    expect(equal(fromHex(a)!, fromHex(b)!)).toBe(false);
    expect(equalSecret(fromHex(a)!, fromHex(b)!)).toBe(false);
  });
});

describe('UTF-8 (RFC 3629)', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const peer = (bytes: Uint8Array): string | null => {
    try {
      return strict.decode(bytes);
    } catch {
      return null;
    }
  };

  test('texts are written and read as the platform does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const bytes = encoder.encode(text);
        const written = new Uint8Array(bytes.length + 2);
        expect(utf8Length(text)).toBe(bytes.length);
        writeUtf8(text, written, 1);
        expect(written).toEqual(concat(Uint8Array.of(0), bytes, Uint8Array.of(0)));
        expect(readUtf8(bytes)).toBe(text);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  test('bytes are refused where the platform refuses them', () => {
    const lead = fc.constantFrom(0x41, 0x80, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff);
    const rest = fc.array(fc.constantFrom(0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(lead, rest), { maxLength: 3 }), (sequences) => {
        const bytes = Uint8Array.from(sequences.flatMap(([first, more]) => [first, ...more]));
        expect(readUtf8(bytes)).toBe(peer(bytes));
      }),
      { seed: 9, numRuns: 5_000 },
    );
  });

  test('every two bytes after each lead agree with the platform', () => {
    let differences = 0;
    for (let lead = 0; lead < 256; lead++) {
      for (let next = 0; next < 256; next += 5) {
        for (const tail of [[], [0x80], [0xbf, 0xbf]]) {
          const bytes = Uint8Array.of(lead, next, ...tail);
          if (readUtf8(bytes) !== peer(bytes)) differences += 1;
        }
      }
    }
    expect(differences).toBe(0);
  });
});
