import type { Changes } from './port.ts';
import type { PurseId } from './rows.ts';

/** Throws unless every changed row is of a purse that the transaction holds: a programmer error. */
export function demandHeld(held: ReadonlySet<PurseId>, changes: Changes): void {
  const { purses = [], facts = [], claims = [], gaps = [], payerHalves: payers = [] } = changes;
  const { payeeHalves = [], postings = [], decisions = [], answers = [], proofs = [] } = changes;
  const { claimsGone = [], gapsGone = [], letters = [] } = changes;
  const rows = [facts, claims, gaps, payers, payeeHalves, postings, decisions, answers, proofs];
  const named = [...rows, claimsGone, gapsGone].flat().map(({ purse }) => purse);
  const senders = letters.map(({ from }) => from);
  for (const id of [...purses.map((row) => row.id), ...named, ...senders]) {
    if (!held.has(id)) throw new Error(`this transaction does not hold the purse ${id}`);
  }
}
