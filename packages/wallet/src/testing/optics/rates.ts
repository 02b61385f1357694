import { type Correction, CORRECTION, codeModules, QUIET_MODULES } from '../../optical/picture.ts';
import { readTexts } from '../../optical/reading.ts';
import { photograph, still, type Surroundings } from './photograph.ts';
import { type Conditions, type FrameSize, viewOf } from './view.ts';

/** One text in many views. */
export interface Trial {
  readonly text: string;
  readonly size: FrameSize;
  readonly conditions: Conditions;
  readonly views: number;
  readonly correction?: Correction;
  readonly quiet?: number;
  readonly around?: Surroundings;
  readonly glare?: number;
}

export interface Rate {
  /** Modules of a side, without the quiet zone. */
  readonly modules: number;
  readonly views: number;
  /** Of the views, how many gave the text. */
  readonly read: number;
}

/** How often a code is read. Each view is the same for every correction and quiet zone. */
export async function rateOf(trial: Trial): Promise<Rate> {
  const { text, size, conditions, views, correction = CORRECTION, quiet = QUIET_MODULES } = trial;
  const { around = 'crowded', glare = 0 } = trial;
  const modules = codeModules(text, correction, quiet);
  let read = 0;
  for (let index = 0; index < views; index++) {
    const seed = `${size.height} ${conditions.name} ${index}`;
    const pixels = photograph(viewOf(size, conditions, seed, glare), still(modules), around);
    if ((await readTexts(pixels)).includes(text)) read += 1;
  }
  return { modules: modules.length - 2 * quiet, views, read };
}
