import { concat, encodeCbor, sha256 } from '@tallystick/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmulatedTpm, skipTpm } from '../testing/emulated-tpm.ts';
import {
  defineIndex,
  extendChain,
  extended,
  incrementCounter,
  NV_CHAIN,
  NV_COUNTER,
  readIndex,
} from './nv.ts';
import { CONDITION_FAILED } from './open.ts';
import type { NvCondition } from './policy.ts';
import { TpmWriter } from './structures.ts';

let emulated: EmulatedTpm;

beforeAll(async () => {
  if (!skipTpm) emulated = await EmulatedTpm.start();
});
afterAll(async () => {
  if (!skipTpm) await emulated.stop();
});

const secret = (name: string): Uint8Array => sha256(encodeCbor(name));
const refused = { name: 'TpmFailure', code: 'TPM_REFUSED', responseCode: CONDITION_FAILED };

/** A counter of its own, and the condition that it stands so many further. */
async function counter(): Promise<{ handle: number; after: (steps: number) => NvCondition }> {
  const { commands } = emulated.tpm;
  const handle = await defineIndex(commands, NV_COUNTER);
  await incrementCounter(commands, handle);
  const start = await readIndex(commands, NV_COUNTER, handle);
  const count = new DataView(start.buffer, start.byteOffset).getBigUint64(0);
  const after = (steps: number): NvCondition => {
    const value = new TpmWriter().u64(Number(count) + steps).done();
    return { made: NV_COUNTER, handle, value };
  };
  return { handle, after };
}

describe.skipIf(skipTpm)('sealed to a monotonic counter (TPM2_PolicyNV)', () => {
  it('opens at its count, and never again once that has moved on', async () => {
    const { tpm } = emulated;
    const { handle, after } = await counter();
    const now = await tpm.seal(secret('now'), [after(0)]);
    const next = await tpm.seal(secret('next'), [after(1)]);
    expect(await tpm.unseal(now, [after(0)])).toEqual(secret('now'));
    await expect(tpm.unseal(next, [after(1)])).rejects.toMatchObject(refused);
    await incrementCounter(tpm.commands, handle);
    expect(await tpm.unseal(next, [after(1)])).toEqual(secret('next'));
    await expect(tpm.unseal(now, [after(0)])).rejects.toMatchObject(refused);
  });

  it('opens on no other terms than it was sealed on', async () => {
    const { tpm } = emulated;
    const { after } = await counter();
    const other = await counter();
    const sealed = await tpm.seal(secret('terms'), [after(0)]);
    for (const terms of [[], [other.after(0)], [after(0), after(0)]]) {
      expect(await tpm.unseal(sealed, terms)).toBeNull();
    }
  });

  it('does not tell two states apart that were both prepared for the next count', async () => {
    const { tpm } = emulated;
    const { handle, after } = await counter();
    // The first is written, and the power fails before the counter moves; its owner keeps a copy.
    const spare = await tpm.seal(secret('spare'), [after(1)]);
    // Started again from the state before, the purse does something else instead.
    const used = await tpm.seal(secret('used'), [after(1)]);
    await incrementCounter(tpm.commands, handle);
    expect(await tpm.unseal(used, [after(1)])).toEqual(secret('used'));
    // A rollback that the counter does not see: two contents at one position (INV-ONCE).
    expect(await tpm.unseal(spare, [after(1)])).toEqual(secret('spare'));
  });
});

describe.skipIf(skipTpm)('sealed to a counter and a chain', () => {
  it('opens only if it is the very state that the chain took up', async () => {
    const { tpm } = emulated;
    const { handle, after } = await counter();
    const chain = await defineIndex(tpm.commands, NV_CHAIN);
    const before = new Uint8Array(32);
    const named = (name: string): NvCondition[] => {
      const value = extended(before, secret(name));
      return [{ made: NV_CHAIN, handle: chain, value }, after(1)];
    };
    const spare = await tpm.seal(secret('spare'), named('spare'));
    const used = await tpm.seal(secret('used'), named('used'));
    await extendChain(tpm.commands, chain, secret('used'));
    await incrementCounter(tpm.commands, handle);
    expect(await tpm.unseal(used, named('used'))).toEqual(secret('used'));
    await expect(tpm.unseal(spare, named('spare'))).rejects.toMatchObject(refused);
    // Nor does the chain ever come back to a value by taking up another state, or the same one again.
    await extendChain(tpm.commands, chain, secret('spare'));
    await expect(tpm.unseal(spare, named('spare'))).rejects.toMatchObject(refused);
    expect(await readIndex(tpm.commands, NV_CHAIN, chain)).toEqual(
      sha256(concat(extended(before, secret('used')), secret('spare'))),
    );
  });
});
