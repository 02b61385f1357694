import { z } from '@hono/zod-openapi';
import { LIMITS } from '@tallystick/protocol';
import type { Account } from '../../rail/rail.ts';
import { type Money, moneySchema, toMoney } from '../money.ts';

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;
const printable = (bytesMax: number): z.ZodString =>
  z
    .string()
    .min(1)
    .regex(/^\P{C}*$/u)
    .refine((text) => utf8Length(text) <= bytesMax, `must be at most ${bytesMax} bytes`);

export interface AccountView {
  readonly participant: string;
  readonly account: string;
  readonly balance: Money;
  readonly acceptancePoint: string | null;
}

/** Who is paid there: what payers are shown. */
export const acceptancePoint: z.ZodDefault<z.ZodNullable<z.ZodString>> = printable(LIMITS.nameBytes)
  .nullable()
  .default(null)
  .openapi({ description: "A merchant's display name; null for a person's account." });

/** An account at the sandbox rail. */
export const accountSchema: z.ZodType<AccountView> = z
  .object({
    participant: z.string(),
    account: printable(34),
    balance: moneySchema,
    acceptancePoint,
  })
  .openapi('Account');

export function viewAccount(of: Account): AccountView {
  const { participant, account, acceptancePoint } = of;
  return { participant, account, balance: toMoney(of.balance, of.currency), acceptancePoint };
}
