import { bustle } from './activity.ts';
import { check, type Checked, payAround } from './checks.ts';
import { turnCrooked } from './crook.ts';
import { resume } from './recovery.ts';
import { drawMoment, kill, type Victim } from './victims.ts';
import type { World } from './world.ts';

/** What one blow did. */
export interface Round {
  readonly victims: readonly Victim[];
  /** Requests to the backend, and operations of devices, that were under way and cut. */
  readonly requestsCut: number;
  readonly operationsCut: number;
  readonly tapsTorn: number;
  /** From the blow until everybody had synced and nothing was in doubt. */
  readonly recoveredMs: number;
}

/** One round: everybody is busy, somebody is killed, everything recovers and is checked. */
export async function playRound(
  world: World,
  number: number,
  victims: readonly Victim[],
  before: Checked,
  nowMs: () => number,
): Promise<{ readonly round: Round; readonly checked: Checked }> {
  const { gateway, office, fuse } = world;
  const moment = drawMoment(world);
  const cutBefore = gateway.cut;
  const burnt = fuse.light(moment.pulses);
  const busy = bustle(world, before.balances);
  // Where less happens than was thought, the blow falls into the silence after it.
  await Promise.race([burnt, busy]);
  const blowMs = nowMs();
  await kill(world, victims, moment);
  const { cut, torn, pairs } = await busy;
  await office.restore(victims.includes('postmaster'), moment.againMs);
  await resume(world, pairs);
  const recoveredMs = Math.round(nowMs() - blowMs);
  const requestsCut = gateway.cut - cutBefore;

  const checked = await check(world, false);
  await payAround(world);
  await turnCrooked(world, number);
  const round = { victims, requestsCut, operationsCut: cut, tapsTorn: torn, recoveredMs };
  return { round, checked };
}
