import { RIGHT } from './agent.ts';
import type { Deed } from './deeds.ts';
import { DAY } from './scheme.ts';
import type { World } from './world.ts';

/**
 * Lets everybody come home: faults stop, clocks are set right, all devices sync until every torn
 * payment is decided, and all money is redeemed. `run` runs what is scheduled until nothing is left.
 */
export async function comeHome(world: World, run: () => Promise<void>): Promise<void> {
  world.calmDown();
  await run();
  for (const agent of world.agents) {
    agent.isOnline = true;
    agent.clock = RIGHT;
    agent.isDiskFull = false;
    if (!agent.element.isOn) agent.restart();
  }
  const everybody = async (deedOf: (who: string) => Deed): Promise<void> => {
    for (const { name } of world.agents.filter(({ isEnrolled }) => isEnrolled)) {
      world.enact(deedOf(name));
      await run();
    }
  };
  const sync = (who: string): Deed => ({ do: 'sync', who });
  await everybody(sync);
  // Past the last moment at which anything signed so far may be accepted.
  world.schedule.after(6 * DAY * 1_000, () => undefined);
  await run();
  // First the payees' logs are complete, then their payers learn what was closed.
  for (let round = 0; round < 3; round++) await everybody(sync);
  await everybody((who) => ({ do: 'redeem', who, amount: null }));
  for (let round = 0; round < 2; round++) await everybody(sync);
}
