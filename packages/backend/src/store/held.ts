import type { Changes } from './port.ts';
import type { PurseId } from './rows.ts';

/** Throws unless every changed row is of a purse that the transaction holds: a programmer error. */
export function demandHeld(held: ReadonlySet<PurseId>, changes: Changes): void {
  const { purses = [], facts = [], claims = [], gaps = [], payerHalves: payers = [] } = changes;
  const { payeeHalves = [], postings = [], decisions = [], answers = [], proofs = [] } = changes;
  const { claimsGone = [], gapsGone = [], letters = [] } = changes;
  const demand = (id: PurseId): void => {
    if (!held.has(id)) throw new Error(`this transaction does not hold the purse ${id}`);
  };
  for (const { id } of purses) demand(id);
  const lists = [facts, claims, gaps, payers, payeeHalves, postings, decisions, answers, proofs];
  for (const rows of [...lists, claimsGone, gapsGone]) {
    for (const { purse } of rows) demand(purse);
  }
  for (const { from } of letters) demand(from);
}
