import type { Result } from '@tallystick/protocol';
import type { Evidence, Finding, Outcome } from './attack.ts';
import type { Purse } from './purse.ts';

/**
 * Makes an attempt on a purse, and notes what it said of itself before and after. Refused, and nothing changed, is
 * prevented; whatever else happens is what the attack says.
 */
export async function attempt(
  purse: Purse,
  ran: string,
  work: () => Promise<Result<unknown>>,
  otherwise: Exclude<Outcome, 'prevented'> = 'succeeded',
  remark: string | null = null,
): Promise<Finding> {
  const before = await purse.hash();
  const result = await work();
  const after = await purse.hash();
  const refusal = result.ok ? null : result.error.code;
  const outcome = refusal !== null && before === after ? 'prevented' : otherwise;
  return finding(outcome, {
    ran,
    before,
    after,
    refusal,
    remark: outcome === 'prevented' ? null : remark,
  });
}

/** A finding with the evidence for it; what is not said is not known. */
export function finding(
  outcome: Outcome,
  evidence: Pick<Evidence, 'ran'> & Partial<Evidence>,
): Finding {
  const { ran, before = null, after = null, refusal = null, remark = null } = evidence;
  return { outcome, evidence: { ran, before, after, refusal, remark } };
}
