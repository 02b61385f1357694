import { sha256, toHex } from '@tallystick/protocol';
import type { Command } from '@tallystick/trusted-app';
import type { Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';

/** One way to try it: what is done, and the command in which it reaches the purse. */
export interface Try {
  readonly purse: Purse;
  readonly what: string;
  readonly command: Command;
}

/**
 * Tries every way. Prevented where each was refused and nothing changed. What was altered must have worked as it was
 * made, or a refusal shows nothing: that is tried last, and throws where it is refused.
 */
export async function tryEach(
  tries: readonly Try[],
  sound: readonly Try[],
  remark: string | null = null,
): Promise<Finding> {
  const purses = [...new Set(tries.map(({ purse }) => purse))];
  const before = await hashOf(purses);
  const fates: Fate[] = [];
  for (const each of tries) fates.push(await carryOut(each));
  const after = await hashOf(purses);
  for (const each of sound) await demandSound(each);
  const codes = fates.flatMap(({ code }) => (code === null ? [] : [code]));
  const evidence = {
    ran: `${counted(fates.map(({ says }) => says))}; then ${counted(sound.map(({ what }) => what))}`,
    before,
    after,
    refusal: [...new Set(codes)].join(', ') || null,
  };
  const isTaken = fates.some(({ end }) => end === 'taken');
  if (isTaken || before !== after) {
    const how = isTaken
      ? 'not every way was refused'
      : 'every way was refused, but the purse changed';
    return finding('succeeded', { ...evidence, remark: how });
  }
  if (fates.every(({ end }) => end === 'refused')) {
    return finding('prevented', { ...evidence, remark });
  }
  return finding('bounded', {
    ...evidence,
    remark: 'the purse stops, and has to be opened again: nothing in it has changed',
  });
}

/** What became of one way. */
interface Fate {
  readonly end: 'taken' | 'refused' | 'stopped';
  readonly code: string | null;
  readonly says: string;
}

async function carryOut({ purse, what, command }: Try): Promise<Fate> {
  try {
    const result = await purse.run(command);
    if (result.ok) return { end: 'taken', code: null, says: `${what} (taken)` };
    const { code } = result.error;
    return { end: 'refused', code, says: `${what} (${code})` };
  } catch (error) {
    // No reply at all says that the element is gone, and opening it finds out what it last did.
    if (!(error instanceof Error)) throw error;
    if ((await purse.tryToOpen()) !== null) throw error;
    return { end: 'stopped', code: null, says: `${what} (no reply: ${error.message})` };
  }
}

/** One hash over what each of them says of itself. */
export async function hashOf(purses: readonly Purse[]): Promise<string> {
  const hashes: string[] = [];
  for (const purse of purses) hashes.push(await purse.hash());
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return only;
  return toHex(sha256(new TextEncoder().encode(hashes.join())));
}

async function demandSound({ purse, what, command }: Try): Promise<void> {
  const result = await purse.run(command);
  if (!result.ok) throw new Error(`"${what}" was refused: ${result.error.code}`);
}

/** One after another; what is the same is said once. */
function counted(said: readonly string[]): string {
  return [...new Set(said)]
    .map((each) => {
      const times = said.filter((other) => other === each).length;
      return times === 1 ? each : `${times} times: ${each}`;
    })
    .join(', ');
}
