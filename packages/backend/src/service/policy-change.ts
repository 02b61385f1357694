import type { Policy, Tier } from '@tallystick/protocol';
import { amended, type PolicyAmendment, type TierAmendment } from '../authority/amendment.ts';
import { accept, type Outcome, refuse } from '../outcome.ts';
import { ceilingFaults } from '../scheme/parse-scheme.ts';
import type { Scheme } from '../scheme/scheme.ts';
import type { Parts } from './parts.ts';

/** What a decision can say of a policy, in full: the rules of normal times. */
export interface PolicyRules {
  readonly hopMax: number;
  readonly staleSeconds: number;
  readonly tiers: readonly Tier[];
}

/** A decision that has not been signed: the policy in force, and the one that would follow. */
export interface PolicyPreview {
  readonly from: Policy;
  readonly to: Policy;
}

/** The rules of normal times: the scheme file's, and what has been decided since. */
export async function policyRules({ scheme, authority }: Parts): Promise<PolicyRules> {
  return rulesOf(amended(scheme, await authority.amendment()));
}

function rulesOf({ hopMax, staleSeconds, tiers }: Scheme): PolicyRules {
  return { hopMax, staleSeconds, tiers };
}

/** What would be signed. Errors: POLICY_REFUSED, POLICY_SAME. */
export async function previewPolicy(
  { scheme, authority }: Parts,
  rules: PolicyRules,
): Promise<Outcome<PolicyPreview>> {
  const fault = faultOf(scheme, rules);
  if (fault !== null) return refuse('POLICY_REFUSED', fault);
  const to = await authority.previewPolicy(amendmentOf(scheme, rules));
  if (to === null) return refuse('POLICY_SAME');
  return accept({ from: authority.policy.value, to });
}

/**
 * Has the root sign what follows from these rules, if the policy is still the one that they were compared
 * with. Errors: POLICY_REFUSED, POLICY_SAME, POLICY_MOVED.
 */
export async function changePolicy(
  parts: Parts,
  rules: PolicyRules,
  basis: number,
): Promise<Outcome<Policy>> {
  const previewed = await previewPolicy(parts, rules);
  if (!previewed.ok) return previewed;
  const { scheme, authority } = parts;
  const isMade = await authority.amendPolicy(amendmentOf(scheme, rules), basis);
  return isMade ? accept(authority.policy.value) : refuse('POLICY_MOVED');
}

/** Why rules cannot be decided on; null when they can. */
function faultOf(scheme: Scheme, { staleSeconds, tiers }: PolicyRules): string | null {
  const numbers = (rows: readonly Tier[]): string => rows.map(({ tier }) => tier).join();
  if (numbers(tiers) !== numbers(scheme.tiers)) {
    return `name each tier of the scheme once, in its order: ${numbers(scheme.tiers)}`;
  }
  // Rule 16: the horizons of lost devices rest on the scheme file's windows.
  if (staleSeconds > scheme.staleSeconds) {
    return `staleSeconds: at most ${scheme.staleSeconds}, as in the scheme file`;
  }
  const longer = tiers.find(
    (row, at) => row.offlineSeconds > (scheme.tiers[at]?.offlineSeconds ?? 0),
  );
  if (longer !== undefined) {
    return `offlineSeconds of tier ${longer.tier}: at most that of the scheme file`;
  }
  const [first] = ceilingFaults(
    amended(scheme, amendmentOf(scheme, { hopMax: 1, staleSeconds, tiers })),
  );
  return first ?? null;
}

/** What of the rules differs from the scheme file. */
function amendmentOf(scheme: Scheme, rules: PolicyRules): PolicyAmendment {
  const tiers = rules.tiers.flatMap((row, at) => tierAmendment(scheme.tiers[at], row));
  return {
    hopMax: unless(scheme.hopMax, rules.hopMax),
    staleSeconds: unless(scheme.staleSeconds, rules.staleSeconds),
    tiers,
  };
}

function tierAmendment(filed: Tier | undefined, row: Tier): TierAmendment[] {
  if (filed === undefined) return [];
  const { tier, ...changes } = {
    tier: row.tier,
    paymentMax: unless(filed.paymentMax, row.paymentMax),
    balanceMax: unless(filed.balanceMax, row.balanceMax),
    totalMax: unless(filed.totalMax, row.totalMax),
    countMax: unless(filed.countMax, row.countMax),
    stepUpAbove: unless(filed.stepUpAbove, row.stepUpAbove),
    payerCap: unless(filed.payerCap, row.payerCap),
    offlineSeconds: unless(filed.offlineSeconds, row.offlineSeconds),
  };
  const differs = Object.values(changes).some((value) => value !== null);
  return differs ? [{ tier, ...changes }] : [];
}

function unless<T>(filed: T, wanted: T): T | null {
  return filed === wanted ? null : wanted;
}
