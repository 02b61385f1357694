import { type Correction, CORRECTION, codeModules, QUIET_MODULES } from '../../optical/picture.ts';
import { READER_OPTIONS, readTexts } from '../../optical/reading.ts';
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
  readonly options?: typeof READER_OPTIONS;
}

export interface Rate {
  /** Modules of a side, without the quiet zone. */
  readonly modules: number;
  readonly views: number;
  /** Of the views, how many gave the text. */
  readonly read: number;
  /** Milliseconds of reading each view, in no order: the only thing here that two runs do not share. */
  readonly times: readonly number[];
}

/** How often a code is read. Each view is the same for every correction, quiet zone and option. */
export async function rateOf(trial: Trial, nowMs: () => number): Promise<Rate> {
  const { text, size, conditions, views, correction = CORRECTION, quiet = QUIET_MODULES } = trial;
  const { around = 'crowded', glare = 0, options = READER_OPTIONS } = trial;
  const modules = codeModules(text, correction, quiet);
  const times: number[] = [];
  let read = 0;
  for (let index = 0; index < views; index++) {
    const seed = `${size.height} ${conditions.name} ${index}`;
    const pixels = photograph(viewOf(size, conditions, seed, glare), still(modules), around);
    const start = nowMs();
    const texts = await readTexts(pixels, options);
    times.push(nowMs() - start);
    if (texts.includes(text)) read += 1;
  }
  return { modules: modules.length - 2 * quiet, views, read, times };
}
