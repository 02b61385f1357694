import { z } from '@hono/zod-openapi';
import type { Supply } from '../../reconciliation/index.ts';
import { type Money, moneySchema, toMoney } from '../money.ts';

export interface SupplyView {
  /** Null for the whole scheme. */
  readonly participant: string | null;
  readonly reserve: Money;
  readonly loss: Money;
  readonly position: Money;
  readonly balances: Money;
  readonly inFlight: Money;
  readonly balanced: boolean;
}

/** The supply equation: reserve + loss + position = balances + in flight. */
export const supplySchema: z.ZodType<SupplyView> = z
  .object({
    participant: z.string().nullable().openapi({ description: 'null for the whole scheme' }),
    reserve: moneySchema,
    loss: moneySchema,
    position: moneySchema.openapi({
      description: 'What other participants owe it less what it owes them.',
    }),
    balances: moneySchema,
    inFlight: moneySchema,
    balanced: z.boolean(),
  })
  .openapi('Supply');

export function viewSupply(of: Supply): SupplyView {
  const { participant, currency, balanced } = of;
  return {
    participant,
    reserve: toMoney(of.reserve, currency),
    loss: toMoney(of.loss, currency),
    position: toMoney(of.position, currency),
    balances: toMoney(of.balances, currency),
    inFlight: toMoney(of.inFlight, currency),
    balanced,
  };
}
