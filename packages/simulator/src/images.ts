import { equal } from '@tallystick/protocol';
import { type Outcome, sync } from './actions.ts';
import type { Agent } from './agent.ts';
import { calmFate } from './fate.ts';
import type { World } from './world.ts';

/** The next version of the trusted application comes out; a bad one before it is withdrawn at once. */
export async function releaseImage(world: World, withdraws: boolean): Promise<Outcome> {
  const { office } = world;
  const before = office.imageVersion;
  await office.release();
  world.counts.imagesReleased++;
  if (!withdraws) return 'done';
  // An operator whose backend has just died tries again.
  while ((await office.ask((backend) => backend.withdrawImage(before), calmFate())) === null);
  world.counts.imagesWithdrawn++;
  return 'done';
}

/**
 * A device takes the version that is offered; its money, keys and log stay where they are. The sync that follows
 * has its certificate renewed.
 */
export async function update(world: World, agent: Agent): Promise<Outcome> {
  const offered = await world.office.ask(
    async (backend) => ({ ok: true as const, value: await backend.offeredImage() }),
    agent.fate,
  );
  if (offered?.ok !== true) return 'nobody hears it';
  const image = offered.value?.sha256;
  if (image === undefined || equal(image, agent.image)) return 'nothing to take';
  agent.update(image);
  world.counts.imagesUpdated++;
  return sync(world, agent);
}
