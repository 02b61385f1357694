import { runWorld, type SimulationOptions } from './simulate.ts';
import type { Found } from './violation-kind.ts';

/** A seed in which a promise did not hold. */
export interface Quarry {
  readonly seed: string;
  readonly step: number;
  readonly violation: Found;
}

export interface Hunt extends Omit<SimulationOptions, 'seed' | 'onProgress'> {
  readonly firstSeed: number;
  readonly lastSeed: number;
  /** Asked before each world: a hunt with a time limit ends here. */
  readonly goesOn?: () => boolean;
}

/**
 * Runs worlds of consecutive seeds until the first violation, and returns it; null when every world
 * keeps its promises, or the hunt was called off. Made for what breaks the code on purpose, and wants
 * to know whether anybody notices.
 */
export async function huntViolation(hunt: Hunt): Promise<Quarry | null> {
  const { firstSeed, lastSeed, goesOn = () => true, ...options } = hunt;
  for (let seed = firstSeed; seed <= lastSeed && goesOn(); seed++) {
    const { world } = await runWorld({ ...options, seed: String(seed) });
    const [found] = world.violations;
    if (found === undefined) continue;
    const { step, invariant, detail } = found;
    return { seed: String(seed), step, violation: { invariant, detail } };
  }
  return null;
}
