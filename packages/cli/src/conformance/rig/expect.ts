import type { Bytes, Frame } from '@tallystick/protocol';
import type { Answer, Rig } from './rig.ts';
import { expectThat } from './violation.ts';

type FrameOf<K extends Frame['kind']> = Extract<Frame, { readonly kind: K }>;

const NAMES: Readonly<Record<number, string>> = {
  1: 'offer',
  2: 'pay',
  3: 'settle',
  4: 'present',
  5: 'release',
  6: 'tell-list',
  7: 'tell-proof',
  8: 'refuse',
  9: 'tell-delta',
};

function nameOf(kind: Frame['kind']): string {
  return NAMES[kind] ?? `kind ${kind}`;
}

/** An answer in words. */
function words({ code, frames }: Answer): string {
  const kinds = frames.map(({ kind }) => nameOf(kind)).join(', ');
  const sent = kinds === '' ? 'no frame' : kinds;
  return code === null ? sent : `${sent}, code ${code}`;
}

/** The one frame of a kind that an answer must have. */
export function expectFrame<K extends Frame['kind']>(answer: Answer, kind: K): FrameOf<K> {
  const found = answer.frames.filter((frame): frame is FrameOf<K> => frame.kind === kind);
  const [frame] = found;
  expectThat(frame !== undefined && found.length === 1, `one ${nameOf(kind)} frame`, words(answer));
  return frame;
}

export function expectNoFrame(answer: Answer, ...kinds: readonly Frame['kind'][]): void {
  const isThere = answer.frames.some(({ kind }) => kinds.includes(kind));
  const wanted = kinds.map(nameOf).join(' or ');
  expectThat(!isThere, `no ${wanted} frame`, words(answer));
}

/** A refusal with just this code, and nothing that a payer could take for an acceptance or a void. */
export function expectRefused(answer: Answer, code: string): void {
  expectThat(answer.code === code, `a refusal with ${code}`, words(answer));
  expectNoFrame(answer, 2, 3, 5);
}

/** A refusal of something that is reported by its code alone. */
export function expectCode(seen: string | null, code: string, bytes?: Bytes): void {
  expectThat(seen === code, `a refusal with ${code}`, seen ?? 'it was done', bytes ?? null);
}

/** That one act leaves the balance as it was. */
export async function unmoved(rig: Rig, act: () => Promise<void>): Promise<void> {
  const { balance } = await rig.state();
  await act();
  await rig.expectBalance(balance, 'as before: nothing was accepted');
}
