import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amount,
  amountField,
  currencyOf,
  currencyRow,
  formatAmount,
  parseAmount,
  totalField,
} from './amount.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { LIMITS } from './limits.ts';
import { codeOf, hex, messageOf } from './testing/outcome.ts';

const EUR = 978;
const JPY = 392;
const BHD = 48;

describe('an amount on the wire (TS-AMT-2, TS-AMT-3)', () => {
  const read = (text: string): unknown => amountField.decode(decodeCbor(hex(text)), 'value.amount');

  test.each([
    ['01', 1n],
    ['1b001fffffffffffff', LIMITS.amountMinorUnits],
  ])('%s is %s', (text, value) => {
    expect(read(text)).toBe(value);
    expect(encodeCbor(amountField.encode(value))).toEqual(hex(text));
  });

  test.each([
    ['zero', '00', 'BAD_AMOUNT'],
    ['minus one', '20', 'BAD_AMOUNT'],
    ['the lowest negative', '3b7fffffffffffffff', 'BAD_AMOUNT'],
    ['2^53', '1b0020000000000000', 'AMOUNT_OVERFLOW'],
    ['2^53 + 1', '1b0020000000000001', 'AMOUNT_OVERFLOW'],
    ['2^64 - 1', '1bffffffffffffffff', 'AMOUNT_OVERFLOW'],
    ['2^64', 'c249010000000000000000', 'NON_CANONICAL'],
    ['a float', 'f94900', 'NON_CANONICAL'],
    ['text', '6131', 'BAD_FIELD'],
    ['null', 'f6', 'BAD_FIELD'],
    ['bytes', '4101', 'BAD_FIELD'],
  ])('%s is refused', (_name, text, code) => {
    expect(codeOf(() => read(text))).toBe(code);
  });

  test('a refusal names the field', () => {
    expect(messageOf(() => read('00'))).toContain('value.amount');
    expect(messageOf(() => read('6131'))).toContain('value.amount');
  });

  test('a total may be zero, and nothing else is different', () => {
    expect(totalField.decode(0, 'balance')).toBe(0n);
    expect(totalField.encode(0n)).toBe(0n);
    expect(codeOf(() => totalField.decode(-1, 'balance'))).toBe('BAD_AMOUNT');
    expect(codeOf(() => totalField.decode(2n ** 53n, 'balance'))).toBe('AMOUNT_OVERFLOW');
    expect(codeOf(() => totalField.encode(-1n))).toBe('BAD_AMOUNT');
  });

  test('what is no amount cannot be written', () => {
    expect(codeOf(() => amountField.encode(0n))).toBe('BAD_AMOUNT');
    expect(codeOf(() => amountField.encode(-5n))).toBe('BAD_AMOUNT');
    expect(codeOf(() => amountField.encode(LIMITS.amountMinorUnits + 1n))).toBe('AMOUNT_OVERFLOW');
    expect(amount(1n)).toBe(1n);
  });
});

describe('currencies (TS-AMT-1, TS-AMT-4)', () => {
  test('are known by number and by letters', () => {
    expect(currencyOf('EUR')).toEqual({ ok: true, value: EUR });
    expect(currencyRow(JPY)).toEqual({ alpha: 'JPY', exponent: 0 });
    expect(currencyRow(BHD).exponent).toBe(3);
  });

  test.each([0, -1, 1, 999, 979, Number.NaN])('%d is none', (code) => {
    expect(codeOf(() => currencyRow(code))).toBe('WRONG_CURRENCY');
    expect(parseAmount('1', code)).toMatchObject({ ok: false, error: { code: 'WRONG_CURRENCY' } });
  });

  test.each(['eur', 'XXX', '', '978'])('"%s" is none', (alpha) => {
    expect(currencyOf(alpha)).toMatchObject({ ok: false, error: { code: 'WRONG_CURRENCY' } });
  });
});

describe('for people (TS-AMT-5)', () => {
  test.each([
    [123_456n, EUR, '1234.56 EUR'],
    [5n, EUR, '0.05 EUR'],
    [0n, EUR, '0.00 EUR'],
    [-5n, EUR, '-0.05 EUR'],
    [-12_345n, EUR, '-123.45 EUR'],
    [7n, JPY, '7 JPY'],
    [-7n, JPY, '-7 JPY'],
    [1_234_567n, BHD, '1234.567 BHD'],
    [9_007_199_254_740_991n, EUR, '90071992547409.91 EUR'],
  ])('%d of %d is written %s', (minor, currency, text) => {
    expect(formatAmount(minor, currency)).toBe(text);
  });

  test.each([
    ['12.5', EUR, 1_250n],
    ['12.50', EUR, 1_250n],
    ['0.01', EUR, 1n],
    ['007', EUR, 700n],
    ['12', JPY, 12n],
    ['0.001', BHD, 1n],
    ['90071992547409.91', EUR, LIMITS.amountMinorUnits],
  ])('"%s" of %d is read as %d', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toEqual({ ok: true, value: minor });
  });

  test.each([
    ['0', EUR, 'BAD_AMOUNT'],
    ['0.00', EUR, 'BAD_AMOUNT'],
    ['-1', EUR, 'BAD_AMOUNT'],
    ['+1', EUR, 'BAD_AMOUNT'],
    ['', EUR, 'BAD_AMOUNT'],
    ['.5', EUR, 'BAD_AMOUNT'],
    ['5.', EUR, 'BAD_AMOUNT'],
    ['1.234', EUR, 'BAD_AMOUNT'],
    ['1.0', JPY, 'BAD_AMOUNT'],
    ['1,50', EUR, 'BAD_AMOUNT'],
    ['1 000', EUR, 'BAD_AMOUNT'],
    ['1e3', EUR, 'BAD_AMOUNT'],
    ['0x10', EUR, 'BAD_AMOUNT'],
    [' 1', EUR, 'BAD_AMOUNT'],
    ['1\n', EUR, 'BAD_AMOUNT'],
    ['١', EUR, 'BAD_AMOUNT'],
    ['90071992547409.92', EUR, 'AMOUNT_OVERFLOW'],
    ['9007199254740992', JPY, 'AMOUNT_OVERFLOW'],
    ['99999999999999999999', JPY, 'AMOUNT_OVERFLOW'],
    ['9'.repeat(1_000), EUR, 'BAD_AMOUNT'],
  ])('"%s" of %d is refused with %s', (text, currency, code) => {
    expect(parseAmount(text, currency)).toMatchObject({ ok: false, error: { code } });
  });

  test('what is written reads back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: LIMITS.amountMinorUnits }),
        fc.constantFrom(EUR, JPY, BHD),
        (minor, currency) => {
          const [digits = ''] = formatAmount(minor, currency).split(' ');
          expect(parseAmount(digits, currency)).toEqual({ ok: true, value: minor });
          expect(amountField.decode(decodeCbor(encodeCbor(minor)), 'amount')).toBe(minor);
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});
