import { supply, type Supply } from '../reconciliation/index.ts';
import type { Parts } from './parts.ts';

/** The supply equation for the scheme and every participant, also for those without money yet. */
export async function reportSupply({ store, scheme }: Parts): Promise<readonly Supply[]> {
  const known = await supply(store);
  const missing = [null, ...scheme.participants.map(({ code }) => code)].filter(
    (participant) => !known.some((row) => isAbout(row, participant, scheme.currency)),
  );
  return [...known, ...missing.map((participant) => nothing(participant, scheme.currency))];
}

function isAbout(row: Supply, participant: string | null, currency: number): boolean {
  return row.participant === participant && row.currency === currency;
}

function nothing(participant: string | null, currency: number): Supply {
  const none = { reserve: 0n, loss: 0n, balances: 0n, inFlight: 0n, position: 0n };
  return { participant, currency, ...none, balanced: true };
}
