import {
  type Algorithm,
  ALGORITHMS,
  attempt,
  type Bytes,
  type Currency,
  currencyRow,
  formatAmount,
  type Seconds,
  toHex,
} from '@tallystick/protocol';
import type { Field } from './explained.ts';

/** How one field of a message of type `T` is put in words. */
export interface FieldText<V, T> {
  readonly says: string;
  readonly clause: string;
  readonly show: (value: V, whole: T, currency: Currency | null) => string;
}

/** Words for every field there is: a field added to a message without them does not compile. */
export type FieldTexts<T> = { readonly [K in keyof T]-?: FieldText<T[K], T> };

export function field<V, T>(
  show: FieldText<V, T>['show'],
  says: string,
  clause: string,
): FieldText<V, T> {
  return { show, says, clause };
}

/** The fields of a message in their order, each name after a prefix. */
export function explainFields<T extends object>(
  texts: FieldTexts<T>,
  whole: T,
  currency: Currency | null,
  prefix = '',
): Field[] {
  const names = Object.keys(texts) as (keyof T & string)[];
  return names.map((name) => {
    const { show, says, clause } = texts[name];
    return {
      name: `${prefix}${name}`,
      value: show(whole[name], whole, currency),
      meaning: says,
      clause,
    };
  });
}

export function showHex(value: Bytes): string {
  return value.length === 0 ? 'none' : toHex(value);
}

export function showCount(value: number): string {
  return String(value);
}

export function showText(value: string): string {
  return JSON.stringify(value);
}

export function showFlag(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** RFC 3339 in UTC. */
export function showTime(value: Seconds): string {
  return new Date(value * 1000).toISOString().replace('.000Z', 'Z');
}

/** Whole units where they come out even, such as `7 d` or `90 min`. */
export function showSeconds(value: number): string {
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ] as const) {
    if (value !== 0 && value % seconds === 0) return `${value / seconds} ${unit}`;
  }
  return `${value} s`;
}

export function showMinutes(value: number): string {
  return showSeconds(value * 60);
}

export function showCurrency(value: Currency): string {
  return isKnown(value) ? `${currencyRow(value).alpha} (${value})` : `unknown (${value})`;
}

/** An amount beside its currency, or in minor units where the currency is not known. */
export function showMoney(value: bigint, currency: Currency | null): string {
  return currency !== null && isKnown(currency)
    ? formatAmount(value, currency)
    : `${value} minor units`;
}

function isKnown(currency: Currency): boolean {
  return attempt(() => currencyRow(currency)).ok;
}

/** An amount in a message that does not say its currency: there is one to a scheme. */
export function showSchemeMoney(value: bigint, _: unknown, currency: Currency | null): string {
  return showMoney(value, currency);
}

export function showAlgorithm(value: Algorithm): string {
  return `${ALGORITHMS[value].name} (${value})`;
}

export function showEvidence(value: Bytes | null): string {
  return value === null || value.length === 0 ? 'none' : `${value.length} bytes`;
}
