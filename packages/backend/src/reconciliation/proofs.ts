import { type Bytes, toHex } from '@tallystick/protocol';
import type { Letter } from '../store/messages.ts';
import type { Context } from './context.ts';
import { convictedBy } from './standing.ts';

/** A proof on its way to the culprit. */
export type Passed = Pick<Letter, 'to' | 'message'>;

/** Fork proofs that a device came across: each that checks goes to the culprit's own shard. */
export async function passOn(
  proofs: readonly Bytes[],
  context: Context,
): Promise<readonly Passed[]> {
  const out: Passed[] = [];
  for (const proof of proofs) {
    const culprit = await convictedBy(proof, context);
    if (culprit === null) continue;
    const [row] = await context.store.certificates([toHex(culprit.ref)]);
    if (row?.purse == null) continue;
    out.push({ to: row.purse, message: { kind: 'proof', proof } });
  }
  return out;
}
