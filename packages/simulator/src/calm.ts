import { RIGHT } from './agent.ts';
import type { Deed } from './deeds.ts';
import { DAY } from './scheme.ts';
import { outage } from './outage.ts';
import type { World } from './world.ts';

/** Longer than the longest offline window, the window of acceptance and that of claims together. */
const HORIZON_DAYS = 40;

/**
 * Lets everybody come home: faults stop, clocks are set right, all devices sync until every torn
 * payment is decided, and all money is redeemed. `run` runs what is scheduled until nothing is left.
 */
export async function comeHome(world: World, run: () => Promise<void>): Promise<void> {
  world.calmDown();
  await run();
  await outage(world, false);
  for (const agent of world.agents) {
    agent.isOnline = true;
    agent.clock = RIGHT;
    agent.isDiskFull = false;
    if (!agent.element.isOn) agent.restart();
  }
  const everybody = async (deedOf: (who: string) => Deed): Promise<void> => {
    for (const { name } of world.agents.filter(({ isEnrolled, isGone }) => isEnrolled && !isGone)) {
      world.enact(deedOf(name));
      await run();
    }
  };
  const sync = (who: string): Deed => ({ do: 'sync', who });
  for (const { name: who, isFound, isGone, isReported } of world.agents) {
    const manner = isFound ? 'late' : 'early';
    if ((isFound || isGone) && !isReported) world.enact({ do: 'report-lost', who, manner });
    await run();
  }
  await everybody(sync);
  // Past the last moment at which anything signed so far may be accepted.
  world.schedule.after(6 * DAY * 1_000, () => undefined);
  await run();
  // First the payees' logs are complete, then their payers learn what was closed.
  for (let round = 0; round < 3; round++) await everybody(sync);
  await refundAll(world, run);
  await everybody((who) => ({ do: 'redeem', who, amount: null }));
  for (let round = 0; round < 2; round++) await everybody(sync);
}

/** Past the horizon of everything that was reported lost, the backend refunds what is left. */
async function refundAll(world: World, run: () => Promise<void>): Promise<void> {
  const reporter = world.agents.find(({ isReported }) => isReported);
  if (reporter === undefined) return;
  world.schedule.after(HORIZON_DAYS * DAY * 1_000, () => undefined);
  await run();
  world.enact({ do: 'refund', who: reporter.name });
  await run();
}
