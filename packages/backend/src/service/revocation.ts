import { accept, type Outcome, refuse } from '../outcome.ts';
import { revoke } from '../reconciliation/index.ts';
import type { Parts } from './parts.ts';

/** Why an operator revokes a purse; a culprit is revoked by the evidence alone. */
export const REVOCATION_REASONS = ['lost', 'stolen', 'closed'] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/**
 * Revokes every certificate of a purse with the next status list, and returns its version.
 * Errors: UNKNOWN_PURSE.
 */
export async function revokePurse(
  { store, context, dispatcher }: Parts,
  purse: string,
  reason: RevocationReason,
): Promise<Outcome<number>> {
  if ((await store.reports.purse(purse)) === null) return refuse('UNKNOWN_PURSE', purse);
  const version = await revoke([purse], reason, context);
  await dispatcher.drain();
  return accept(version);
}
