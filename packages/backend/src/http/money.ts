import { z } from '@hono/zod-openapi';
import { currencyOf, type Currency, currencyRow, LIMITS } from '@tallystick/protocol';

/** Money on the JSON side: minor units as text, since JSON readers round large numbers. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

export const moneySchema: z.ZodType<Money> = z
  .object({
    amount: z.string().regex(/^-?(?:0|[1-9]\d{0,18})$/),
    currency: z.string().length(3),
  })
  .openapi('Money', { example: { amount: '12345', currency: 'EUR' } });

export function toMoney(value: bigint, currency: Currency): Money {
  return { amount: value.toString(), currency: currencyRow(currency).alpha };
}

/** Reads a balance: zero or more minor units of a currency of the register; null when it is none. */
export function readMoney(money: Money): { amount: bigint; currency: Currency } | null {
  const currency = currencyOf(money.currency);
  const value = BigInt(money.amount);
  if (!currency.ok || value < 0n || value > LIMITS.amountMinorUnits) return null;
  return { amount: value, currency: currency.value };
}

/** RFC 3339 in UTC, to the second. */
export function toInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
