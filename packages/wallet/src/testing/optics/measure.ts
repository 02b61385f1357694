import { type Correction, codeModules } from '../../optical/picture.ts';
import { READERS, watch } from './animation.ts';
import { type ShownFrame, shownFrames } from './frames.ts';
import { startReader } from './machine.ts';
import { optionsOf } from './options.ts';
import { type Rate, rateOf, type Trial } from './rates.ts';
import type { Counted, OpticalRun } from './run.ts';
import {
  type Conditions,
  CONDITIONS,
  EVERYDAY,
  type FrameSize,
  HASTY,
  LARGE,
  SMALL,
} from './view.ts';

const SIZES = [SMALL, LARGE];
const CORRECTIONS: readonly Correction[] = ['L', 'M', 'Q', 'H'];
const COVERED = [2, 4, 6, 9, 12];
const QUIET = [0, 1, 2, 3, 4];
const PICTURES_PER_SECOND = [4, 6, 8, 10, 12, 15];
const WATCHES = 9;
const NEVER = Number.POSITIVE_INFINITY;

export interface Measuring {
  readonly views: number;
  readonly nowMs: () => number;
  readonly begin: (what: string) => void;
}

/** Measures all that the page shows. */
export async function measureOptics(measuring: Measuring): Promise<OpticalRun> {
  await startReader();
  const frames = await shownFrames();
  const steps = { ...measuring, frames };
  return {
    conditions: CONDITIONS,
    frames: frames.map(({ name, bytes, code }) => ({
      name,
      bytes,
      codes: code.parts,
      characters: code.text(0).length,
      modules: codeModules(code.text(0), undefined, 0).length,
    })),
    rates: await ratesOf(steps),
    corrections: await correctionsOf(steps),
    glare: await glareOf(steps),
    quiet: await quietOf(steps),
    options: await optionsOf(densest(frames).code.text(0), steps),
    animation: await animationOf(steps),
  };
}

/** How often each frame's code is read, for one size and one kind of conditions. */
export async function ratesUnder(
  frames: readonly ShownFrame[],
  size: FrameSize,
  conditions: Conditions,
  views: number,
): Promise<OpticalRun['rates']> {
  const rates: OpticalRun['rates'][number][] = [];
  for (const { name, code } of frames) {
    const trial = { text: code.text(0), size, conditions, views };
    rates.push({ frame: name, ...counted(trial, await rateOf(trial)) });
  }
  return rates;
}

interface Steps extends Measuring {
  readonly frames: readonly ShownFrame[];
}

async function ratesOf(steps: Steps): Promise<OpticalRun['rates']> {
  const rates: OpticalRun['rates'][number][] = [];
  for (const conditions of CONDITIONS) {
    steps.begin(`codes, ${conditions.name}`);
    for (const size of SIZES) {
      rates.push(...(await ratesUnder(steps.frames, size, conditions, steps.views)));
    }
  }
  return rates;
}

async function correctionsOf({ frames, views, begin }: Steps): Promise<OpticalRun['corrections']> {
  const rows: OpticalRun['corrections'][number][] = [];
  for (const correction of CORRECTIONS) {
    begin(`correction level ${correction}`);
    for (const { name, code } of frames.filter((frame) => frame.name.startsWith('payment'))) {
      for (const conditions of CONDITIONS.slice(1)) {
        for (const size of SIZES) {
          const trial = { text: code.text(0), size, conditions, views, correction };
          const rate = await rateOf(trial);
          const { modules } = rate;
          rows.push({ frame: name, correction, modules, ...counted(trial, rate) });
        }
      }
    }
  }
  return rows;
}

async function glareOf({ frames, views, begin }: Steps): Promise<OpticalRun['glare']> {
  const rows: OpticalRun['glare'][number][] = [];
  const { code, size } = densest(frames);
  for (const correction of CORRECTIONS) {
    begin(`glare at level ${correction}`);
    for (const covered of COVERED) {
      const conditions = EVERYDAY;
      const options = { correction, glare: covered / 100 };
      const trial = { text: code.text(0), size, conditions, views, ...options };
      rows.push({ correction, covered, ...counted(trial, await rateOf(trial)) });
    }
  }
  return rows;
}

async function quietOf({ frames, views, begin }: Steps): Promise<OpticalRun['quiet']> {
  const rows: OpticalRun['quiet'][number][] = [];
  const { code, size } = densest(frames);
  for (const quiet of QUIET) {
    begin(`quiet zone of ${quiet}`);
    for (const around of ['dark', 'crowded'] as const) {
      for (const conditions of [EVERYDAY, HASTY]) {
        const trial = { text: code.text(0), size, conditions, views, quiet, around };
        rows.push({ quiet, around, ...counted(trial, await rateOf(trial)) });
      }
    }
  }
  return rows;
}

async function animationOf({ frames, begin }: Steps): Promise<OpticalRun['animation']> {
  const rows: OpticalRun['animation'][number][] = [];
  const code = frames.find((frame) => frame.code.parts > 1)?.code;
  if (code === undefined) return rows;
  for (const reader of READERS) {
    for (const picturesPerSecond of PICTURES_PER_SECOND) {
      begin(`${picturesPerSecond} pictures a second, ${reader.name}`);
      const tookMs: (number | null)[] = [];
      for (let watches = 0; watches < WATCHES; watches++) {
        const seed = `watch ${watches}`;
        tookMs.push(
          await watch({ code, picturesPerSecond, reader, size: SMALL, conditions: HASTY, seed }),
        );
      }
      const sorted = tookMs.toSorted((one, other) => (one ?? NEVER) - (other ?? NEVER));
      rows.push({
        picturesPerSecond,
        reader: reader.name,
        medianMs: sorted[sorted.length >> 1] ?? null,
        worstMs: sorted.at(-1) ?? null,
      });
    }
  }
  return rows;
}

/** The code with the most modules, in the smaller frame: what is hardest to read. */
function densest(frames: readonly ShownFrame[]): ShownFrame & { readonly size: FrameSize } {
  const found = frames.find(({ name }) => name === 'payment with certificate');
  if (found === undefined) throw new Error('there is no such frame');
  return { ...found, size: SMALL };
}

function counted({ size, conditions }: Trial, { views, read }: Rate): Counted {
  return { rows: size.height, conditions: conditions.name, views, read };
}
