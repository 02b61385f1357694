import { finish, runOut } from './advance.ts';
import type { Scripted } from './deeds.ts';
import { CALM } from './faults.ts';
import { World, type WorldOptions } from './world.ts';

/** Who is in a world that is run from a script. */
export type Cast = Omit<WorldOptions, 'rates'>;

export interface ReplayOptions {
  /** Looks at the world when the script is over, before everybody comes home. */
  readonly beforeHome?: (world: World) => void;
}

/** Runs a world in which exactly these deeds are done, with exactly these mishaps. */
export async function replay(
  cast: Cast,
  script: readonly Scripted[],
  { beforeHome = () => undefined }: ReplayOptions = {},
): Promise<World> {
  const world = await World.create({ ...cast, rates: CALM });
  for (const { at, deed, mishaps } of script) {
    world.schedule.after(at, () => world.enact(deed, mishaps));
  }
  await runOut(world);
  beforeHome(world);
  await finish(world);
  return world;
}
