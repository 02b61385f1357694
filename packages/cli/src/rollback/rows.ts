import type { Layers, Walk } from '@tallystick/simulator';

/** The layers of a run, the log among them: its being off is a hole in the backend, and no option. */
export interface AllLayers extends Layers {
  readonly log: boolean;
}

/** What one set of layers made of the attack. Amounts are minor units as text. */
export interface StreetRow extends AllLayers, Omit<Walk, 'total' | 'counterfeit'> {
  readonly total: string;
  readonly counterfeit: string;
}

/** What an environment made of an old copy that somebody put back. */
export interface RestoredRow {
  readonly environment: string;
  readonly outcome: string;
  readonly refusal: string | null;
  readonly remark: string | null;
}

/** Everything that the page shows. */
export interface RollbackRun {
  readonly restored: readonly RestoredRow[];
  readonly street: readonly StreetRow[];
}

export const LAYERS: readonly (keyof AllLayers)[] = ['counter', 'epoch', 'witnesses', 'log'];

/** Every set of layers: all of them first, none of them last. */
export const EVERY_SET: readonly AllLayers[] = Array.from({ length: 16 }, (_, bits) => ({
  counter: (bits & 8) === 0,
  epoch: (bits & 4) === 0,
  witnesses: (bits & 2) === 0,
  log: (bits & 1) === 0,
}));

export function streetRow(layers: AllLayers, walk: Walk): StreetRow {
  const { total, counterfeit, ...rest } = walk;
  return { ...layers, ...rest, total: String(total), counterfeit: String(counterfeit) };
}
