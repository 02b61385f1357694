import type { Scripted } from './deeds.ts';
import { type Cast, replay } from './replay.ts';
import { type Found, kindOf } from './violation-kind.ts';

/** The shortest history found in which the same thing goes wrong. */
export interface Shrunk {
  readonly script: readonly Scripted[];
  readonly attempts: number;
}

export interface ShrinkOptions {
  /** Worlds to run at most. */
  readonly attemptsMax?: number;
  /** Told after each attempt how many deeds and mishaps are left. */
  readonly onAttempt?: (attempts: number, deeds: number) => void;
}

const ATTEMPTS_MAX = 500;
/** Deeds that are told follow each other at this distance, where nothing hinges on it. */
const APART_MS = 600_000;

type Script = readonly Scripted[];

/**
 * Leaves out of a history whatever the violation does not need: agents, deeds, mishaps, waiting, odd
 * amounts. Null when the history by itself does not show it. Every step is decided by running the
 * world, so the same history always shrinks to the same one.
 */
export async function shrink(
  cast: Cast,
  history: Script,
  found: Found,
  { attemptsMax = ATTEMPTS_MAX, onAttempt = () => undefined }: ShrinkOptions = {},
): Promise<Shrunk | null> {
  const kind = kindOf(found);
  let attempts = 0;
  let best: Script = history;

  /** Keeps a smaller history if the same goes wrong in it; what nobody came to do is left out too. */
  const keeps = async (smaller: Script): Promise<boolean> => {
    if (attempts >= attemptsMax) return false;
    attempts++;
    const world = await replay(cast, smaller);
    const isSame = world.violations.some((each) => kindOf(each) === kind);
    if (isSame) {
      best = smaller.filter((_, index) => {
        const done = world.history[index];
        return done !== undefined && done.outcome !== 'not there';
      });
    }
    onAttempt(attempts, best.length);
    return isSame;
  };

  if (!(await keeps(history))) return null;
  for (let before = Number.POSITIVE_INFINITY; sizeOf(best) < before; ) {
    before = sizeOf(best);
    for (const name of namesIn(best)) await keeps(best.filter((each) => !involves(each, name)));
    await dropChunks(() => best, keeps);
    await dropMishaps(() => best, keeps);
  }
  await keeps(best.map((each, index) => ({ ...each, at: (index + 1) * APART_MS })));
  for (let index = 0; index < best.length; index++) await roundAmount(best, index, keeps);
  return { script: best, attempts };
}

/** What is to be made smaller. */
function sizeOf(script: Script): number {
  return script.reduce((sum, { mishaps }) => sum + 1 + mishaps.length, 0);
}

function namesIn(script: Script): readonly string[] {
  return [...new Set(script.map(({ deed }) => deed.who))].sort();
}

function involves({ deed }: Scripted, name: string): boolean {
  return deed.who === name || ('whom' in deed && deed.whom === name);
}

type Keeps = (smaller: Script) => Promise<boolean>;

/** Halves, quarters and so on down to single deeds. */
async function dropChunks(best: () => Script, keeps: Keeps): Promise<void> {
  for (let size = best().length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < best().length; ) {
      const script = best();
      const hasShrunk = await keeps([...script.slice(0, from), ...script.slice(from + size)]);
      if (!hasShrunk) from += size;
    }
  }
}

/** All mishaps at once, then those of one deed, then one by one. */
async function dropMishaps(best: () => Script, keeps: Keeps): Promise<void> {
  if (best().every(({ mishaps }) => mishaps.length === 0)) return;
  if (await keeps(best().map((each) => ({ ...each, mishaps: [] })))) return;
  for (let index = 0; index < best().length; index++) {
    const { mishaps = [] } = best()[index] ?? {};
    if (mishaps.length === 0 || (await keeps(withMishaps(best(), index, [])))) continue;
    for (const mishap of mishaps) {
      const left = (best()[index]?.mishaps ?? []).filter((each) => each !== mishap);
      await keeps(withMishaps(best(), index, left));
    }
  }
}

function withMishaps(script: Script, at: number, mishaps: Scripted['mishaps']): Script {
  return script.map((each, index) => (index === at ? { ...each, mishaps } : each));
}

/** Whole units of money read better than odd cents. */
async function roundAmount(script: Script, index: number, keeps: Keeps): Promise<void> {
  const { deed } = script[index] ?? {};
  if (deed === undefined || !('amount' in deed) || deed.amount === null) return;
  const whole = ((deed.amount + 99n) / 100n) * 100n;
  if (whole === deed.amount) return;
  const rounded = { ...deed, amount: whole };
  await keeps(script.map((each, at) => (at === index ? { ...each, deed: rounded } : each)));
}
