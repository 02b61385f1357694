import { setTimeout as pause } from 'node:timers/promises';
import type { World } from './world.ts';

export type Victim = 'backend' | 'postmaster' | 'connection' | 'environment' | 'wallet';

/** Who is killed, in turn: everybody alone, and some of them together. */
export const VICTIMS: readonly (readonly Victim[])[] = [
  ['backend'],
  ['wallet'],
  ['postmaster'],
  ['environment'],
  ['connection'],
  ['backend', 'wallet'],
  ['backend', 'postmaster'],
  ['wallet', 'environment'],
  ['postmaster', 'environment'],
  ['connection', 'wallet'],
  ['backend', 'environment'],
];

/** Pulses of a round in which everything goes well, more or less. */
const PULSES = 30;
/** Between a request and what it commits, more or less. */
const DELAY_MS = 12;

/** When the blow of a round falls. */
export interface Moment {
  readonly pulses: number;
  readonly delayMs: number;
  /** Between the first victim and the second. */
  readonly betweenMs: number;
  /** Kills the backend once more in the middle of its restart, that long after it began. */
  readonly againMs: number | null;
}

export function drawMoment({ dice }: World): Moment {
  const pulses = 1 + dice.roll(PULSES);
  const delayMs = dice.roll(DELAY_MS);
  const betweenMs = dice.roll(DELAY_MS);
  const againMs = dice.roll(5) === 0 ? 50 + dice.roll(1_000) : null;
  return { pulses, delayMs, betweenMs, againMs };
}

/** `kill -9` for each of them. */
export async function kill(
  world: World,
  victims: readonly Victim[],
  moment: Moment,
): Promise<void> {
  if (moment.delayMs > 0) await pause(moment.delayMs);
  for (const [index, victim] of victims.entries()) {
    if (index > 0 && moment.betweenMs > 0) await pause(moment.betweenMs);
    killOne(world, victim);
  }
}

function killOne(world: World, victim: Victim): void {
  const { office, dice } = world;
  switch (victim) {
    case 'backend':
      return office.killBackend();
    case 'postmaster':
      office.killPostmaster();
      return;
    case 'connection':
      office.killConnection(dice);
      return;
    case 'wallet':
      return void dice.pick(world.devices).killWallet();
    case 'environment':
      dice.pick(world.devices).killEnvironment();
      return;
  }
}
