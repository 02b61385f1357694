import { z } from '@hono/zod-openapi';
import { horizonOf } from '@tallystick/protocol';
import type { LostPurse } from '../../service/lost-devices.ts';
import { type Money, moneySchema, toInstant, toMoney } from '../money.ts';
import { hex } from './fields.ts';

export interface LostView {
  readonly purse: string;
  readonly participant: string;
  readonly account: string;
  readonly reportedAt: string;
  readonly syncedAt: string;
  /** Its three parts as last moments, and the moment it has moved on to since. */
  readonly offlineUntil: string;
  readonly acceptUntil: string;
  readonly claimUntil: string;
  readonly horizon: string;
  readonly revokedAt: number | null;
  readonly standing: string;
  readonly refunds: number;
  readonly refunded: Money;
}

/** A report of a lost device, and what has come of it. */
export const lostSchema: z.ZodType<LostView> = z
  .object({
    purse: hex,
    participant: z.string(),
    account: z.string(),
    reportedAt: z.iso.datetime(),
    syncedAt: z.iso.datetime().openapi({ description: 'Last answer to the purse.' }),
    offlineUntil: z.iso.datetime().openapi({
      description: 'No payee takes a payment that was made later.',
    }),
    acceptUntil: z.iso.datetime().openapi({
      description: 'Plus the accept window: no payee accepts a payment later.',
    }),
    claimUntil: z.iso.datetime().openapi({
      description: 'Plus the claim window: the horizon as of the report.',
    }),
    horizon: z.iso.datetime().openapi({
      description: 'What is left is refunded after this; it moves on when the purse syncs.',
    }),
    revokedAt: z.number().int().nullable().openapi({
      description: 'Version of the status list that revokes it.',
    }),
    standing: z.enum(['sound', 'suspect', 'culprit']),
    refunds: z.number().int(),
    refunded: moneySchema,
  })
  .openapi('LostReport');

export function viewLost({ purse, report }: LostPurse): LostView {
  const { id, participant, account, revokedAt, standing, refunds } = purse;
  const parts = horizonOf(report);
  return {
    purse: id,
    participant,
    account,
    reportedAt: toInstant(report.time),
    syncedAt: toInstant(report.syncedAt),
    offlineUntil: toInstant(parts.offlineUntil),
    acceptUntil: toInstant(parts.acceptUntil),
    claimUntil: toInstant(parts.claimUntil),
    horizon: toInstant(purse.horizon ?? parts.claimUntil),
    revokedAt,
    standing,
    refunds,
    refunded: toMoney(purse.refunded, purse.currency),
  };
}
