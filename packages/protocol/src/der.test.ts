import { p256 } from '@noble/curves/nist.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, concat, fromHex, toHex } from './bytes.ts';
import { signatureFromDer, signatureToDer } from './der.ts';

/** The independent writer. */
function nobleDer(signature: Bytes): Bytes {
  return p256.Signature.fromBytes(signature).toBytes('der');
}

/** Null where it is refused. */
function readOrNull(der: Bytes): Bytes | null {
  try {
    return signatureFromDer(der);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** 32 bytes with any number of leading zeros, often a high bit after them, and never zero itself. */
const integer = fc
  .tuple(fc.nat(31), fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.boolean())
  .map(([zeros, bytes, high]) => {
    const out = bytes.fill(0, 0, zeros);
    out[zeros] = high ? 0x80 | (out[zeros] ?? 0) : out[zeros] || 1;
    // Less than the order of the group, which begins with four bytes of 0xff.
    if (zeros === 0 && out[0] === 0xff) out[0] = 0xfe;
    return out;
  });
const signatures = fc.tuple(integer, integer).map(([r, s]) => concat(r, s));

describe('an ES256 signature in DER', () => {
  test('is what an independent writer makes of it, and is read back', () => {
    fc.assert(
      fc.property(signatures, (signature) => {
        const der = signatureToDer(signature);
        expect(toHex(der)).toBe(toHex(nobleDer(signature)));
        expect(toHex(signatureFromDer(der))).toBe(toHex(signature));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test('is minimal: no zero too many, and one before a high bit', () => {
    const of = (r: string, s: string): string =>
      toHex(signatureToDer(fromHex(r.padStart(64, '0') + s.padStart(64, '0')) ?? new Uint8Array()));
    expect(of('', '')).toBe('3006020100020100');
    expect(of('1', '7f')).toBe('300602010102017f');
    expect(of('80', 'ff00')).toBe('300902020080020300ff00');
    const high = `80${'00'.repeat(31)}`;
    expect(of(high, high)).toBe(`3046022100${high}022100${high}`);
  });

  test('is read out of a view into other memory, into memory of its own', () => {
    const signature = new Uint8Array(64).fill(0x81);
    const der = Buffer.from(concat(Uint8Array.of(9), signatureToDer(signature))).subarray(1);
    const read = signatureFromDer(der);
    expect(read.constructor).toBe(Uint8Array);
    expect(read.buffer.byteLength).toBe(64);
    expect(read).toEqual(signature);
  });

  test.each([
    ['nothing', ''],
    ['a head alone', '3000'],
    ['another sequence', '3106020101020101'],
    ['another first integer', '3006030101020101'],
    ['another second integer', '3006020101030101'],
    ['a length too short', '3005020101020101'],
    ['a length too long', '3007020101020101'],
    ['a long form of the length', '308106020101020101'],
    ['an indefinite length', '30800201010201010000'],
    ['a byte after it', '300602010102010100'],
    ['a byte after it, counted', '300702010102010100'],
    ['an end that is missing', '30060201010201'],
    ['a first integer of no bytes', '30050200020101'],
    ['a second integer of no bytes', '30050201010200'],
    ['a needless zero before r', '300702020001020101'],
    ['a needless zero before s', '300702010102020001'],
    ['a negative r', '3006020181020101'],
    ['a negative s', '3006020101020181'],
    ['an integer of 33 bytes', `302602210101${'00'.repeat(31)}020101`],
    ['an r that takes all there is', '3006020401020101'],
    ['an r longer than all there is', '300602ff01020101'],
  ])('%s is refused', (_, hex) => {
    expect(() => signatureFromDer(fromHex(hex) ?? new Uint8Array(0))).toThrow(TypeError);
  });

  test('bent anywhere, it is refused or is that of another signature', () => {
    fc.assert(
      fc.property(signatures, fc.nat(71), fc.integer({ min: 1, max: 255 }), (signature, at, by) => {
        const der = signatureToDer(signature);
        fc.pre(at < der.length);
        const bent = der.map((byte, index) => (index === at ? byte ^ by : byte));
        const read = readOrNull(bent);
        expect(read === null || toHex(signatureToDer(read)) === toHex(bent)).toBe(true);
        expect(read).not.toEqual(signature);
      }),
      { numRuns: 2_000, seed: 2 },
    );
  });

  test('is made of 64 bytes only', () => {
    for (const length of [0, 63, 65]) {
      expect(() => signatureToDer(new Uint8Array(length))).toThrow(RangeError);
    }
  });
});
