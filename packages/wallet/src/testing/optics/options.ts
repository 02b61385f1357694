import type { ReaderOptions } from 'zxing-wasm/reader';
import { codeModules } from '../../optical/picture.ts';
import { type Pixels, READER_OPTIONS, readTexts } from '../../optical/reading.ts';
import { photograph, still } from './photograph.ts';
import type { OpticalRun } from './run.ts';
import { type Conditions, EVERYDAY, type FrameSize, HASTY, LARGE, SMALL, viewOf } from './view.ts';

/** What the reader may be told, as differences to what it is told. */
const VARIANTS: readonly (readonly [name: string, change: ReaderOptions])[] = [
  ['as chosen', {}],
  ['`tryHarder: true`', { tryHarder: true }],
  ['`tryInvert: true`', { tryInvert: true }],
  ['`tryRotate: true`', { tryRotate: true }],
  ['`tryDownscale: false`', { tryDownscale: false }],
  ['`downscaleFactor: 3`, the default', { downscaleFactor: 3, downscaleThreshold: 500 }],
  ['`tryDenoise: true`', { tryDenoise: true }],
  ['`binarizer: GlobalHistogram`', { binarizer: 'GlobalHistogram' }],
  ['`maxNumberOfSymbols: 4`', { maxNumberOfSymbols: 4 }],
];

/**
 * Whatever else a machine does makes a reading longer, never shorter: the quickest of so many counts, each of which
 * all ways of reading take in turn.
 */
const READINGS = 5;

interface Measuring {
  readonly views: number;
  readonly nowMs: () => number;
  readonly begin: (what: string) => void;
}

/** What each way of reading finds, and how long it takes, in the very same pictures and in some without a code. */
export async function optionsOf(
  text: string,
  measuring: Measuring,
): Promise<OpticalRun['options']> {
  const rows: OpticalRun['options'][number][] = [];
  for (const size of [SMALL, LARGE]) {
    for (const conditions of [EVERYDAY, HASTY]) {
      measuring.begin(`what the reader is told, ${conditions.name}, ${size.height}`);
      const pictures = picturesOf(text, size, conditions, measuring.views);
      rows.push(...(await readAll(text, pictures, conditions.name, measuring)));
    }
    measuring.begin(`nothing to read, ${size.height}`);
    const pictures = picturesOf(null, size, EVERYDAY, measuring.views);
    rows.push(...(await readAll(text, pictures, 'no code', measuring)));
  }
  return rows.toSorted((one, other) => indexOf(one.name) - indexOf(other.name));
}

function picturesOf(
  text: string | null,
  size: FrameSize,
  conditions: Conditions,
  views: number,
): readonly Pixels[] {
  const seen = still(text === null ? [[false]] : codeModules(text));
  return Array.from({ length: views }, (_, index) => {
    const seed = `${size.height} ${conditions.name} ${index}`;
    return photograph(viewOf(size, conditions, seed), seen, 'crowded');
  });
}

async function readAll(
  text: string,
  pictures: readonly Pixels[],
  conditions: string,
  { nowMs }: Measuring,
): Promise<OpticalRun['options']> {
  const taken = new Map<string, number[]>();
  const found = new Map<string, number>();
  for (let reading = 0; reading < READINGS; reading++) {
    for (const [index, picture] of pictures.entries()) {
      for (const [name, change] of VARIANTS) {
        const start = nowMs();
        const texts = await readTexts(picture, { ...READER_OPTIONS, ...change });
        const times = taken.get(name) ?? [];
        times[index] = Math.min(times[index] ?? Number.POSITIVE_INFINITY, nowMs() - start);
        taken.set(name, times);
        if (reading === 0 && texts.includes(text)) found.set(name, (found.get(name) ?? 0) + 1);
      }
    }
  }
  const rows = pictures[0]?.height ?? 0;
  return VARIANTS.map(([name]) => ({
    name,
    rows,
    conditions,
    views: pictures.length,
    read: found.get(name) ?? 0,
    medianMs: tenths(median(taken.get(name) ?? [])),
  }));
}

function indexOf(name: string): number {
  return VARIANTS.findIndex(([each]) => each === name);
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
}

function tenths(figure: number): number {
  return Math.round(figure * 10) / 10;
}
