import { differences } from './compare.ts';
import { ReplayWorld } from './replay-world.ts';
import type { ModelState } from './trace.ts';

/** Where the real parts left the model: the step, what was done, and how they differ. */
interface Divergence {
  readonly step: number;
  readonly act: string;
  readonly differences: readonly string[];
}

export interface Replayed {
  readonly steps: number;
  readonly divergence: Divergence | null;
}

/** Verdicts on signatures so far: they are pure, and traces of one scheme share most of them. */
const verdicts = new Map<string, boolean>();

/**
 * Replays a trace against the real trusted application and the real reconciliation, and compares
 * after every step; at the end separate code recomputes the books. Stops at the first difference.
 */
export async function replay(states: readonly ModelState[]): Promise<Replayed> {
  const [first, ...rest] = states;
  if (first === undefined) throw new Error('an empty trace');
  const real = new ReplayWorld(verdicts);
  await real.start(first);
  const begun = await differences(real, first.world);
  if (begun.length > 0) return diverged(0, first, begun);
  for (const [index, state] of rest.entries()) {
    const found = await follow(real, state);
    if (found.length > 0) return diverged(index + 1, state, found);
  }
  const audited = await real.office.audit();
  if (audited.length > 0) {
    return diverged(rest.length, states.at(-1) ?? first, ['the audit finds differences']);
  }
  return { steps: rest.length, divergence: null };
}

async function follow(real: ReplayWorld, { world, last }: ModelState): Promise<readonly string[]> {
  try {
    const code = await real.carryOut(last, world);
    if (code !== last.code) return [`the outcome is ${code}, in the model ${last.code}`];
    return await differences(real, world);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function diverged(step: number, { last }: ModelState, found: readonly string[]): Replayed {
  const { act, x, about, also, cut } = last;
  const words = `${act} by ${x} about ${about} (${also}), power ${cut}`;
  return { steps: step, divergence: { step, act: words, differences: found } };
}
