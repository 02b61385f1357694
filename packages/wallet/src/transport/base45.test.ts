import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase45, encodeBase45 } from './base45.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('base45', () => {
  test.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('RFC 9285 section 4.3 and 4.4: %j is %j', (plain, encoded) => {
    expect(encodeBase45(ascii(plain))).toBe(encoded);
    expect(decodeBase45(encoded)).toEqual(ascii(plain));
  });

  test('the largest groups of each length are accepted', () => {
    expect(decodeBase45('FGW')).toEqual(Uint8Array.of(0xff, 0xff));
    expect(decodeBase45('U5')).toEqual(Uint8Array.of(0xff));
  });

  test.each([
    ['a group of 65536', 'GGW'],
    ['a group over 65535, all of it', ':::'],
    ['a last group of 256', 'V5'],
    ['a last group over 255', '::'],
    ['a lone character', 'A'],
    ['a character after whole groups', 'BB8B'],
    ['lower case', 'bb8'],
    ['a character outside the alphabet', 'BB!'],
    ['a full-width digit', 'BB８'],
    ['a character outside the basic plane', 'B\u{1f600}'],
    ['a line end', 'BB8\n'],
    ['the key of an object prototype', 'constructor!'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase45(text)).toBeNull();
  });

  test('every byte string survives, also as a view into a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(7), (bytes, offset) => {
        const shifted = new Uint8Array(bytes.length + offset);
        shifted.set(bytes, offset);
        expect(decodeBase45(encodeBase45(shifted.subarray(offset)))).toEqual(bytes);
      }),
      { seed: 45 },
    );
  });

  test('no two texts decode to the same bytes', () => {
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.split('');
    const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
    let accepted = 0;
    fc.assert(
      fc.property(text, (candidate) => {
        const bytes = decodeBase45(candidate);
        if (bytes === null) return;
        accepted += 1;
        expect(encodeBase45(bytes)).toBe(candidate);
      }),
      { seed: 46, numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(1_000);
  });
});
