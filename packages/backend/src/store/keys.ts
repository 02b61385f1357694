import type { BalanceRow, DecisionRow, FactRow, PostingRow, ProofRow } from './rows.ts';

/** Between the parts of a key: below every printable character, so that keys sort as their parts do. */
export const SEPARATOR = '\u0001';

function joined(...parts: readonly string[]): string {
  return parts.join(SEPARATOR);
}

/** The one key of an account within all shards. */
export function balanceKey(of: Omit<BalanceRow, 'balance'>): string {
  const currency = String(of.currency).padStart(3, '0');
  return joined(of.purse, of.account, of.participant, of.counterparty, currency);
}

export function postingKey(of: PostingRow): string {
  return joined(of.purse, of.cause, of.kind, String(of.revision).padStart(10, '0'));
}

export function decisionKey(of: Pick<DecisionRow, 'purse' | 'kind' | 'cause'>): string {
  return joined(of.purse, of.kind, of.cause);
}

export function halfKey(of: { readonly purse: string; readonly payment: string }): string {
  return joined(of.purse, of.payment);
}

export function factKey(of: Pick<FactRow, 'purse' | 'seq' | 'key'>): string {
  return joined(of.purse, String(of.seq).padStart(10, '0'), of.key);
}

export function proofKey(of: Pick<ProofRow, 'purse' | 'digest'>): string {
  return joined(of.purse, of.digest);
}
