import { crookedHistory } from '../../reconciliation/testing/histories.ts';
import type { World } from '../../reconciliation/testing/world.ts';
import { createMemoryStore } from '../../store/memory.ts';

let told: Promise<World> | null = null;

/** Everything that can go wrong, told once for all who only look at it. */
export function crooked(): Promise<World> {
  told ??= crookedHistory(createMemoryStore());
  return told;
}
