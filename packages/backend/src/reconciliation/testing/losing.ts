import { horizonOf, type LostReport } from '@tallystick/protocol';
import { recordLost } from '../lost.ts';
import { refundDue } from '../refunds.ts';
import type { World } from './world.ts';

const DAY = 86_400;

/** Windows of a scheme in which a lost purse pays for a week, and payees have two to claim. */
const WINDOWS = { offlineSeconds: 7 * DAY, acceptSeconds: DAY, claimSeconds: 14 * DAY };

/** Reports a purse lost, and delivers what that means to others. */
export async function reportLost(
  world: World,
  purse: { readonly id: string },
): Promise<LostReport> {
  const reported = await recordLost({ purse: purse.id, ...WINDOWS }, world.context);
  if (!reported.ok) throw new Error(reported.error.message);
  await world.settle();
  return reported.value;
}

/** Waits until a report's horizon has passed, and makes what refunds are due; returns how many. */
export async function refundAfter(world: World, report: LostReport): Promise<number> {
  world.now = Math.max(world.now, horizonOf(report).claimUntil + 1);
  return refundNow(world);
}

export async function refundNow(world: World): Promise<number> {
  const made = await refundDue(world.context);
  await world.settle();
  return made;
}

/** What the rail was told to refund, in minor units. */
export function refunds(world: World): bigint[] {
  return world.credits.filter(({ cause }) => cause === 'refund').map(({ amount }) => amount);
}
