import type { Codec } from './codec.ts';
import { LIMITS } from './limits.ts';
import { attempt, demand, reject, type Result } from './result.ts';

/** ISO 4217 numeric code, for example 978 for the euro. */
export type Currency = number;

interface CurrencyRow {
  readonly alpha: string;
  /** Digits after the decimal sign: the minor unit is 10^-exponent of the currency. */
  readonly exponent: number;
}

/** The currencies a scheme can choose (ISO 4217 numeric → alphabetic code and minor-unit exponent). */
const CURRENCIES: Readonly<Record<number, CurrencyRow>> = {
  36: { alpha: 'AUD', exponent: 2 },
  48: { alpha: 'BHD', exponent: 3 },
  124: { alpha: 'CAD', exponent: 2 },
  156: { alpha: 'CNY', exponent: 2 },
  356: { alpha: 'INR', exponent: 2 },
  392: { alpha: 'JPY', exponent: 0 },
  578: { alpha: 'NOK', exponent: 2 },
  752: { alpha: 'SEK', exponent: 2 },
  756: { alpha: 'CHF', exponent: 2 },
  826: { alpha: 'GBP', exponent: 2 },
  840: { alpha: 'USD', exponent: 2 },
  978: { alpha: 'EUR', exponent: 2 },
  986: { alpha: 'BRL', exponent: 2 },
};

/** The row of a currency, or a rejection with WRONG_CURRENCY (TS-AMT-4). */
export function currencyRow(currency: Currency): CurrencyRow {
  return CURRENCIES[currency] ?? reject('WRONG_CURRENCY', `${currency} is not in the register`);
}

/** The numeric code of an alphabetic one such as `EUR`. */
export function currencyOf(alpha: string): Result<Currency> {
  return attempt(() => {
    const entry = Object.entries(CURRENCIES).find(([, row]) => row.alpha === alpha);
    return entry === undefined ? reject('WRONG_CURRENCY', alpha) : Number(entry[0]);
  });
}

/** Checks an amount that will move: 1 to 2^53 − 1 minor units (TS-AMT-2, TS-AMT-3). */
export function amount(value: bigint, name = 'amount'): bigint {
  demand(value > 0n, 'BAD_AMOUNT', name);
  demand(value <= LIMITS.amountMinorUnits, 'AMOUNT_OVERFLOW', name);
  return value;
}

/** A positive amount of minor units on the wire. */
export const amountField: Codec<bigint> = {
  encode: (value) => amount(value),
  decode: (item, path) => amount(toInteger(item, path), path),
};

/** A balance or limit on the wire: like an amount, but zero is allowed. */
export const totalField: Codec<bigint> = {
  encode: (value) => (value === 0n ? 0n : amount(value)),
  decode: (item, path) => {
    const value = toInteger(item, path);
    return value === 0n ? value : amount(value, path);
  },
};

function toInteger(item: unknown, path: string): bigint {
  if (typeof item === 'bigint') return item;
  if (typeof item === 'number' && Number.isSafeInteger(item)) return BigInt(item);
  return reject('BAD_FIELD', `${path} must be a whole number`);
}

/** Formats minor units for people: 123456 of 978 is `1234.56 EUR`. Only for the edge. */
export function formatAmount(value: bigint, currency: Currency): string {
  const { alpha, exponent } = currencyRow(currency);
  const digits = (value < 0n ? -value : value).toString().padStart(exponent + 1, '0');
  const sign = value < 0n ? '-' : '';
  if (exponent === 0) return `${sign}${digits} ${alpha}`;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)} ${alpha}`;
}

/** Reads what a person typed, such as `12.50`, exactly: never more digits than the currency has. */
export function parseAmount(text: string, currency: Currency): Result<bigint> {
  return attempt(() => {
    const { exponent } = currencyRow(currency);
    const match = /^(\d{1,32})(?:\.(\d{1,3}))?$/.exec(text);
    const fraction = match?.[2] ?? '';
    if (match === null || fraction.length > exponent) {
      return reject('BAD_AMOUNT', `"${text}" needs at most ${exponent} decimals`);
    }
    return amount(BigInt((match[1] ?? '') + fraction.padEnd(exponent, '0')));
  });
}
