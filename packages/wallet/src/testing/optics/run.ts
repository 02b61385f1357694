import type { Correction } from '../../optical/picture.ts';
import type { Surroundings } from './photograph.ts';
import type { Conditions } from './view.ts';

/** How often something was read. */
export interface Counted {
  readonly rows: number;
  readonly conditions: string;
  readonly views: number;
  readonly read: number;
}

/** All that the page shows. */
export interface OpticalRun {
  readonly conditions: readonly Conditions[];
  readonly frames: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly codes: number;
    readonly characters: number;
    readonly modules: number;
  }[];
  readonly rates: readonly (Counted & { readonly frame: string })[];
  readonly corrections: readonly (Counted & {
    readonly frame: string;
    readonly correction: Correction;
    readonly modules: number;
  })[];
  readonly glare: readonly (Counted & {
    readonly correction: Correction;
    /** Of the code, in hundredths. */
    readonly covered: number;
  })[];
  readonly quiet: readonly (Counted & {
    readonly quiet: number;
    readonly around: Surroundings;
  })[];
  readonly options: readonly (Counted & { readonly name: string; readonly medianMs: number })[];
  readonly animation: readonly {
    readonly picturesPerSecond: number;
    readonly reader: string;
    /** Milliseconds until all of it was read; null where it was not. */
    readonly medianMs: number | null;
    readonly worstMs: number | null;
  }[];
}
