import { advance, finish, runOut } from './advance.ts';
import type { Scripted } from './deeds.ts';
import { CALM } from './faults.ts';
import { World, type WorldOptions } from './world.ts';

/** Who is in a world that is run from a script. */
export type Cast = Omit<WorldOptions, 'rates'>;

/**
 * Runs a world in which exactly these deeds are done, with exactly these mishaps; `isOver` false leaves
 * out the calm at the end.
 */
export async function replay(
  cast: Cast,
  script: readonly Scripted[],
  { comesHome = true }: { readonly comesHome?: boolean } = {},
): Promise<World> {
  const world = await World.create({ ...cast, rates: CALM });
  for (const { at, deed, mishaps } of script) {
    world.schedule.after(at, () => world.enact(deed, mishaps));
  }
  if (comesHome) {
    // Faults that were written down may still strike; nothing new is drawn.
    while (world.schedule.pending > 0 && (await advance(world)));
    await finish(world);
  } else {
    await runOut(world);
  }
  return world;
}
