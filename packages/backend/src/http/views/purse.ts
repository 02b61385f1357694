import { z } from '@hono/zod-openapi';
import { ALGORITHMS, currencyRow, decodePurseCertificate } from '@tallystick/protocol';
import type { BalanceRow, CertificateRow, PurseRow } from '../../store/rows.ts';
import { type Money, moneySchema, toInstant, toMoney } from '../money.ts';
import { hex } from './fields.ts';

export interface PurseView {
  readonly id: string;
  readonly participant: string;
  readonly account: string;
  readonly currency: string;
  readonly standing: 'sound' | 'suspect' | 'culprit';
  readonly reason: string | null;
  readonly rolledBack: boolean;
  readonly revokedAt: number | null;
  /** What was reported lost is refunded after this; null when it was not. */
  readonly horizon: string | null;
  readonly refunded: Money;
  readonly provenSeq: number;
  readonly epoch: number;
  /** Last answer to it; null before the first. */
  readonly syncedAt: string | null;
  readonly listVersion: number | null;
}

export interface PurseDetailView extends PurseView {
  readonly balances: readonly BalanceView[];
  readonly certificates: readonly CertificateView[];
}

interface BalanceView {
  readonly account: string;
  readonly participant: string;
  readonly counterparty: string;
  readonly balance: Money;
}

interface CertificateView {
  readonly ref: string;
  readonly algorithm: string;
  readonly tier: number;
  readonly assurance: number;
  /** Row of the measurement registry: the version of its image. */
  readonly measurement: number;
  readonly fromSeq: number;
  readonly statusIndex: number;
  readonly expires: string;
}

const purseFields = z.object({
  id: hex,
  participant: z.string(),
  account: z.string(),
  currency: z.string().length(3),
  standing: z.enum(['sound', 'suspect', 'culprit']),
  reason: z.string().nullable().openapi({ description: 'Why, in words that stay stable.' }),
  rolledBack: z.boolean().openapi({ description: 'A statement showed an epoch of the past.' }),
  revokedAt: z.number().int().nullable().openapi({
    description: 'Version of the first status list that revokes it.',
  }),
  horizon: z.iso.datetime().nullable().openapi({
    description: 'Reported lost: what is left is refunded after this.',
  }),
  refunded: moneySchema,
  provenSeq: z.number().int().openapi({ description: 'The log is proven up to here.' }),
  epoch: z.number().int(),
  syncedAt: z.iso.datetime().nullable().openapi({ description: 'Last answer to it.' }),
  listVersion: z.number().int().nullable().openapi({
    description: 'Of the status list that it said it had in its last statement.',
  }),
});

export const purseSchema: z.ZodType<PurseView> = purseFields.openapi('Purse');

export function viewPurse(row: PurseRow): PurseView {
  const { id, participant, account, standing, reason, rolledBack, revokedAt } = row;
  const { provenSeq, epoch } = row;
  const currency = currencyRow(row.currency).alpha;
  const horizon = row.horizon === null ? null : toInstant(row.horizon);
  const refunded = toMoney(row.refunded, row.currency);
  const lost = { horizon, refunded };
  const named = { id, participant, account, currency };
  const syncedAt = row.syncedAt === null ? null : toInstant(row.syncedAt);
  const heard = { provenSeq, epoch, syncedAt, listVersion: row.listVersion };
  return { ...named, standing, reason, rolledBack, revokedAt, ...lost, ...heard };
}

const balanceSchema = z.object({
  account: z.string(),
  participant: z.string(),
  counterparty: z.string(),
  balance: moneySchema,
});

const certificateSchema = z.object({
  ref: hex,
  algorithm: z.string(),
  tier: z.number().int(),
  assurance: z.number().int(),
  measurement: z.number().int(),
  fromSeq: z.number().int(),
  statusIndex: z.number().int(),
  expires: z.iso.datetime(),
});

/** One purse with the sums of its postings and its certificates. */
export const purseDetailSchema: z.ZodType<PurseDetailView> = purseFields
  .extend({
    balances: z.array(balanceSchema).readonly(),
    certificates: z.array(certificateSchema).readonly(),
  })
  .openapi('PurseDetail');

export function viewPurseDetail(
  row: PurseRow,
  balances: readonly BalanceRow[],
  certificates: readonly CertificateRow[],
): PurseDetailView {
  return {
    ...viewPurse(row),
    balances: balances.map(({ account, participant, counterparty, currency, balance }) => ({
      account,
      participant,
      counterparty,
      balance: toMoney(balance, currency),
    })),
    certificates: certificates.map(viewCertificate),
  };
}

function viewCertificate(row: CertificateRow): CertificateView {
  const { ref, alg, fromSeq, statusIndex, expires, wire } = row;
  const { tier, assurance, measurement } = decodePurseCertificate(wire).profile;
  return {
    ref,
    algorithm: ALGORITHMS[alg].name,
    tier,
    assurance,
    measurement,
    fromSeq,
    statusIndex,
    expires: toInstant(expires),
  };
}
