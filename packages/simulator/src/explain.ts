import type { Done } from './deeds.ts';
import { softwareSign } from '@tallystick/protocol/software';
import { rememberSignatures } from './signatures.ts';
import { rememberVerdicts } from './verdicts.ts';
import { type Cast, replay } from './replay.ts';
import { shrink, type ShrinkOptions } from './shrink.ts';
import { runWorld, type SimulationOptions, worldOptions } from './simulate.ts';
import { tell } from './story.ts';
import { type Found, kindOf } from './violation-kind.ts';
import type { World } from './world.ts';

/** Why a seed is violated, as short as it could be made. */
export interface Story {
  readonly violation: Found;
  /** One sentence each. */
  readonly lines: readonly string[];
  /** Deeds left, of those of the whole history. */
  readonly deeds: number;
  readonly deedsBefore: number;
  /** Worlds that were run to make it shorter. */
  readonly attempts: number;
}

/**
 * Runs a world again, shrinks the history of its first violation, and tells it. Null when nothing is
 * violated. A history that does not show the violation by itself is told from its end.
 */
export async function explain(options: SimulationOptions & ShrinkOptions): Promise<Story | null> {
  const sign = rememberSignatures(options.sign ?? softwareSign);
  const verify = rememberVerdicts(options.verify);
  const again = { ...options, sign, verify };
  const { world } = await runWorld(again);
  const [violation] = world.violations;
  if (violation === undefined) return null;
  const { rates: _, ...cast }: Cast & { readonly rates: unknown } = worldOptions(again);
  const history = beforeCalm(world);
  const shrunk = await shrink(cast, history, violation, options);
  if (shrunk === null) {
    const lines = tell(history.slice(-UNSHRUNK_LINES), violation, isCalm(world));
    const left = Math.min(history.length, UNSHRUNK_LINES);
    return { violation, lines, deeds: left, deedsBefore: history.length, attempts: 1 };
  }
  const short = await replay(cast, shrunk.script);
  const found = short.violations.find((each) => kindOf(each) === kindOf(violation)) ?? violation;
  const told = beforeCalm(short);
  return {
    violation: found,
    lines: tell(told, found, isCalm(short)),
    deeds: told.length,
    deedsBefore: history.length,
    attempts: shrunk.attempts,
  };
}

const UNSHRUNK_LINES = 12;

function isCalm({ history, calmFrom }: World): boolean {
  return calmFrom !== null && history.length > calmFrom;
}

function beforeCalm({ history, calmFrom }: World): readonly Done[] {
  return calmFrom === null ? history : history.slice(0, calmFrom);
}
