import { z } from '@hono/zod-openapi';
import { LIMITS, type Policy, type Tier } from '@tallystick/protocol';
import type { PolicyPreview, PolicyRules } from '../../service/policy-change.ts';
import { toInstant } from '../money.ts';

/** Minor units as text, since JSON readers round large numbers. */
const minorUnits = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,15})$/)
  .refine((text) => BigInt(text) <= LIMITS.amountMinorUnits, 'must be an amount');
const seconds = z.number().int().min(0).max(0xffff_ffff);

interface TierView {
  readonly tier: number;
  readonly paymentMax: string;
  readonly balanceMax: string;
  readonly totalMax: string;
  readonly countMax: number;
  readonly stepUpAbove: string;
  readonly payerCap: string;
  readonly offlineSeconds: number;
}

interface RulesView {
  readonly hopMax: number;
  readonly staleSeconds: number;
  readonly tiers: readonly TierView[];
}

const rules = {
  hopMax: z.number().int().min(1).max(LIMITS.hopsMax),
  staleSeconds: seconds,
  tiers: z
    .array(
      z.strictObject({
        tier: z
          .number()
          .int()
          .min(0)
          .max(LIMITS.tiers - 1),
        paymentMax: minorUnits,
        balanceMax: minorUnits,
        totalMax: minorUnits,
        countMax: z.number().int().min(0).max(LIMITS.openPayments),
        stepUpAbove: minorUnits,
        payerCap: minorUnits,
        offlineSeconds: seconds,
      }),
    )
    .min(1)
    .max(LIMITS.tiers)
    .readonly(),
};

/** What can be decided: the rules of normal times. */
export const rulesSchema: z.ZodType<RulesView> = z.strictObject(rules).openapi('PolicyRules');

interface DecisionView extends RulesView {
  readonly basis: number;
}

/** The rules, and the version of the policy they were compared with. */
export const decisionSchema: z.ZodType<DecisionView> = z
  .strictObject({ ...rules, basis: z.number().int().min(1) })
  .openapi('PolicyDecision');

export function readRules({ hopMax, staleSeconds, tiers }: RulesView): PolicyRules {
  return {
    hopMax,
    staleSeconds,
    tiers: tiers.map((row) => ({
      tier: row.tier,
      paymentMax: BigInt(row.paymentMax),
      balanceMax: BigInt(row.balanceMax),
      totalMax: BigInt(row.totalMax),
      countMax: row.countMax,
      stepUpAbove: BigInt(row.stepUpAbove),
      payerCap: BigInt(row.payerCap),
      offlineSeconds: row.offlineSeconds,
    })),
  };
}

export function viewRules({ hopMax, staleSeconds, tiers }: PolicyRules): RulesView {
  return { hopMax, staleSeconds, tiers: tiers.map(viewTier) };
}

function viewTier(row: Tier): TierView {
  return {
    tier: row.tier,
    paymentMax: row.paymentMax.toString(),
    balanceMax: row.balanceMax.toString(),
    totalMax: row.totalMax.toString(),
    countMax: row.countMax,
    stepUpAbove: row.stepUpAbove.toString(),
    payerCap: row.payerCap.toString(),
    offlineSeconds: row.offlineSeconds,
  };
}

export interface PolicyView extends RulesView {
  readonly version: number;
  readonly issuedAt: string;
  readonly emergency: boolean;
  readonly acceptMinutes: number;
  readonly claimSeconds: number;
  readonly graceSeconds: number;
  readonly skewSeconds: number;
  readonly measurements: number;
}

/** A policy as devices know it. */
export const policySchema: z.ZodType<PolicyView> = z
  .object({
    ...rules,
    version: z.number().int(),
    issuedAt: z.iso.datetime(),
    emergency: z.boolean(),
    acceptMinutes: z.number().int(),
    claimSeconds: seconds,
    graceSeconds: seconds,
    skewSeconds: seconds,
    measurements: z.number().int().openapi({ description: 'How many images it accepts.' }),
  })
  .openapi('Policy');

export function viewPolicy(policy: Policy): PolicyView {
  const { version, issuedAt, emergency, acceptMinutes, measurements } = policy;
  const { claimSeconds, graceSeconds, skewSeconds } = policy;
  return {
    ...viewRules(policy),
    version,
    issuedAt: toInstant(issuedAt),
    emergency,
    acceptMinutes,
    claimSeconds,
    graceSeconds,
    skewSeconds,
    measurements: measurements.length,
  };
}

interface ChangeView {
  /** Null for what is not a tier's. */
  readonly tier: number | null;
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

export interface PreviewView {
  readonly basis: number;
  readonly version: number;
  readonly changes: readonly ChangeView[];
}

/** What would change for devices, field by field. */
export const previewSchema: z.ZodType<PreviewView> = z
  .object({
    basis: z.number().int().openapi({ description: 'Version of the policy in force.' }),
    version: z.number().int().openapi({ description: 'Version of the one that would follow.' }),
    changes: z
      .array(
        z.object({
          tier: z.number().int().nullable(),
          field: z.string(),
          from: z.string(),
          to: z.string(),
        }),
      )
      .readonly(),
  })
  .openapi('PolicyPreview');

export function viewPreview({ from, to }: PolicyPreview): PreviewView {
  const [before, after] = [viewRules(from), viewRules(to)];
  return {
    basis: from.version,
    version: to.version,
    changes: [
      ...changesOf(null, { ...before, tiers: '' }, { ...after, tiers: '' }),
      ...before.tiers.flatMap((row, at) => changesOf(row.tier, row, after.tiers[at] ?? row)),
    ],
  };
}

function changesOf<T extends object>(tier: number | null, before: T, after: T): ChangeView[] {
  return Object.entries(before).flatMap(([field, from]) => {
    const to: unknown = (after as Record<string, unknown>)[field];
    return from === to ? [] : [{ tier, field, from: String(from), to: String(to) }];
  });
}
