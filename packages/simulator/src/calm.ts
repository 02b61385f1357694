import { load, redeem, sync } from './actions.ts';
import type { Agent } from './agent.ts';
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
    agent.clockOffset = 0;
    if (!agent.element.isOn) agent.restart();
  }
  const everybody = async (work: (agent: Agent) => Promise<void>): Promise<void> => {
    for (const agent of world.agents.filter(({ isEnrolled }) => isEnrolled)) {
      world.start(work(agent));
      await run();
    }
  };
  await everybody((agent) => sync(world, agent));
  // Past the last moment at which anything signed so far may be accepted.
  world.schedule.after(6 * DAY * 1_000, () => undefined);
  await run();
  // First the payees' logs are complete, then their payers learn what was closed.
  for (let round = 0; round < 3; round++) await everybody((agent) => sync(world, agent));
  await everybody((agent) => redeem(world, agent, null));
  for (let round = 0; round < 2; round++) await everybody((agent) => sync(world, agent));
}

/** Before the first turn everybody may try to join; who fails tries again when its turn comes. */
export function enrolAll(world: World): void {
  for (const agent of world.agents) {
    world.schedule.after(agent.random.int(60_000), () => world.start(load(world, agent, 0n)));
  }
}
