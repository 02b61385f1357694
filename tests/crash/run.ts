import type { Device } from './device/device.ts';
import { check, type Checked } from './world/checks.ts';
import { resume } from './world/recovery.ts';
import { playRound, type Round } from './world/round.ts';
import { VICTIMS } from './world/victims.ts';
import { World } from './world/world.ts';

export interface RunOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly nowMs: () => number;
  /** Ends the run after the round under way; what was played is reported. */
  readonly stop?: AbortSignal;
  /** Told of each round as it is over. */
  readonly onRound?: (number: number, round: Round) => void;
}

export interface Run {
  readonly rounds: readonly Round[];
  /** Answers that were promises, entries acknowledged, and loads, over the whole run. */
  readonly answers: number;
  readonly acknowledged: number;
  readonly loads: number;
  readonly unloads: number;
  readonly facts: number;
  readonly culprits: number;
  /** Minor units left in honest purses after everybody has redeemed. */
  readonly left: bigint;
}

/** Plays rounds until all are over; the first that finds something wrong throws, and says which. */
export async function runCrashes(options: RunOptions): Promise<Run> {
  const { rounds: count, seed, nowMs, onRound } = options;
  const world = await World.open(seed);
  try {
    const rounds: Round[] = [];
    let checked: Checked = { balances: new Map<Device, bigint>(), facts: 0, culprits: 0 };
    for (let number = 0; number < count && options.stop?.aborted !== true; number++) {
      const victims = VICTIMS[number % VICTIMS.length] ?? [];
      try {
        const played = await playRound(world, number, victims, checked, nowMs);
        ({ checked } = played);
        rounds.push(played.round);
        onRound?.(number, played.round);
      } catch (error) {
        const where = `round ${number} (seed ${seed}, killed ${victims.join(' and ')})`;
        throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
    return { rounds, ...(await redeemAll(world)) };
  } finally {
    await world.close();
  }
}

/** Everybody takes everything out, twice over what was lost on the way (INV-REDEEM). */
async function redeemAll(world: World): Promise<Omit<Run, 'rounds'>> {
  await resume(world, []);
  for (const device of world.honest) {
    await device.must('its redemption', device.ask('redeemAll'));
  }
  const { balances, facts, culprits } = await check(world, true);
  const { promises } = world;
  return {
    answers: promises.answers,
    acknowledged: promises.records.size,
    loads: promises.loads.size,
    unloads: promises.unloads.size,
    facts,
    culprits,
    left: [...balances.values()].reduce((sum, each) => sum + each, 0n),
  };
}
