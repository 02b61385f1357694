import { expect } from 'vitest';
import type { World } from './world.ts';

/** `accepted`, or the code of a refusal. */
export function codeOf(outcome: { ok: boolean; error?: { code: string } }): string {
  return outcome.ok ? 'accepted' : (outcome.error?.code ?? 'none');
}

/** The supply equation over everybody, which must hold for each participant (INV-SUPPLY). */
export async function equation(world: World): Promise<Record<string, bigint>> {
  const whole = (await world.backend.supply()).find(({ participant }) => participant === null);
  expect((await world.backend.supply()).every(({ balanced }) => balanced)).toBe(true);
  const { reserve = 0n, loss = 0n, balances = 0n, inFlight = 0n } = whole ?? {};
  return { reserve, loss, balances, inFlight };
}
