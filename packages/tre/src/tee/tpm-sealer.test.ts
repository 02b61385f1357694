import { unwrap } from '@tallystick/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY } from '../isolated/content.ts';
import { EmulatedTpm, skipTpm } from '../testing/emulated-tpm.ts';
import { TpmSealer } from './tpm-sealer.ts';

let emulated: EmulatedTpm;

beforeAll(async () => {
  if (!skipTpm) emulated = await EmulatedTpm.start();
});
afterAll(async () => {
  if (!skipTpm) await emulated.stop();
});

const alone = async (): Promise<boolean> => true;
const content = (byte: number) => ({ ...EMPTY, state: Uint8Array.of(byte) });

/** A state that counts, with the TPM as it stands then. */
async function first(): Promise<Uint8Array> {
  const sealer = new TpmSealer(emulated.tpm, alone);
  const sealed = await sealer.seal(content(1));
  await sealer.confirm();
  return sealed;
}

describe.skipIf(skipTpm)('states that a TPM vouches for', () => {
  it('open one after the other, each only while it is the newest', async () => {
    const sealed = await first();
    const sealer = new TpmSealer(emulated.tpm, alone);
    expect(unwrap(await sealer.open(sealed))).toEqual(content(1));
    const next = await sealer.seal(content(2));
    expect(await new TpmSealer(emulated.tpm, alone).open(next)).toMatchObject({
      error: { code: 'TAMPERED' },
    });
    await sealer.confirm();
    expect(unwrap(await new TpmSealer(emulated.tpm, alone).open(next))).toEqual(content(2));
    expect(await new TpmSealer(emulated.tpm, alone).open(sealed)).toMatchObject({
      error: { code: 'TAMPERED' },
    });
  });

  it("are no two copies' at once: the one that comes second ends before it has signed (INV-ONCE)", async () => {
    const sealed = await first();
    const [one, other] = [new TpmSealer(emulated.tpm, alone), new TpmSealer(emulated.tpm, alone)];
    for (const each of [one, other]) unwrap(await each.open(sealed));
    await one.seal(content(2));
    await other.seal(content(3));
    await one.confirm();
    await expect(other.confirm()).rejects.toThrow('another copy of this purse');
  });

  it('hold their own place, whatever place something beside them claims to have', async () => {
    const [mine, other] = [await first(), await first()];
    const asked: string[] = [];
    const sealer = new TpmSealer(emulated.tpm, async (name) => {
      asked.push(name);
      return asked.length === 1;
    });
    await sealer.counts(other);
    expect(await sealer.open(mine)).toMatchObject({ error: { code: 'BUSY' } });
    expect(new Set(asked).size).toBe(2);
  });

  it('are not opened while another process has them open', async () => {
    const sealed = await first();
    const sealer = new TpmSealer(emulated.tpm, async () => false);
    expect(await sealer.open(sealed)).toMatchObject({ error: { code: 'BUSY' } });
    expect(await sealer.counts(sealed)).toMatchObject({ error: { code: 'BUSY' } });
  });
});
