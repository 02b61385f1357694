import {
  ASSURANCE,
  CONDITION,
  decodePayload,
  decodePurseCertificate,
  decodeReply,
  decodeSigned,
  answer as answerCodec,
  toHex,
} from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../outcome.ts';
import type { Scheme, TamperResponse } from '../scheme/scheme.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Device } from './testing/device.ts';
import { codeOf, equation } from './testing/outcome.ts';
import { createWorld, valueOf, type World } from './testing/world.ts';

const tampered = { condition: CONDITION.tampered } as const;

/** A world whose scheme answers so, and in which a plain process is worth more than software. */
function worldOf(...tampering: readonly TamperResponse[]): Promise<World> {
  const plain: Scheme['environments'][number] = {
    environment: 'plain-process',
    name: 'a better process',
    attestation: 'self-asserted',
    assurance: ASSURANCE.virtualElement,
  };
  return createWorld(createMemoryStore(), { tampering, environments: [plain] });
}

/** Takes the answer in, as a purse does: its epoch is that of the next statement. */
function takeIn(device: Device, outcome: Outcome<Uint8Array>): void {
  const { payload } = decodeSigned(decodeReply(valueOf(outcome)).answer);
  device.epoch = decodePayload(payload, answerCodec, 'answer').epoch;
}

async function renew(world: World, device: Device): Promise<number> {
  const request = device.renew(world.backend.challenge(), device.alg);
  device.adoptRenewal(valueOf(await world.backend.renew(request)));
  return decodePurseCertificate(device.certificate).profile.assurance;
}

describe('a purse that says that its storage was changed (TS-ATT-6)', () => {
  test('goes on where the scheme says so', async () => {
    const world = await worldOf('unlock');
    const ann = await world.enrol('ann');
    for (let time = 1; time <= 3; time++) {
      takeIn(ann, await world.backend.sync(ann.upload(tampered)));
      expect(ann.epoch).toBe(time);
    }
  });

  test('is answered only under a certificate that came afterwards; its log is taken in before', async () => {
    const world = await worldOf('new-certificate');
    const ann = await world.enrol('ann');
    await world.load(ann, 1_000n);
    const upload = ann.upload(tampered);
    expect(codeOf(await world.backend.sync(upload))).toBe('NEW_CERTIFICATE_NEEDED');
    expect(codeOf(await world.backend.sync(upload))).toBe('NEW_CERTIFICATE_NEEDED');
    expect(await equation(world)).toMatchObject({ balances: 1_000n, inFlight: 0n });
    expect(codeOf(await world.backend.sync(ann.upload(tampered)))).toBe('NEW_CERTIFICATE_NEEDED');
    expect(await renew(world, ann)).toBe(ASSURANCE.virtualElement);
    takeIn(ann, await world.backend.sync(ann.upload(tampered)));
    // One that was sent before, and comes late, is answered no more than it was.
    expect(codeOf(await world.backend.sync(upload))).toBe('NEW_CERTIFICATE_NEEDED');
    takeIn(ann, await world.backend.sync(ann.upload()));
    expect((await world.backend.audit()).differences).toEqual([]);
  });

  test('says so anew once it was answered, whether it was sound in between or not', async () => {
    const world = await worldOf('new-certificate');
    const ann = await world.enrol('ann');
    const first = ann.upload(tampered);
    expect(codeOf(await world.backend.sync(first))).toBe('NEW_CERTIFICATE_NEEDED');
    await renew(world, ann);
    takeIn(ann, await world.backend.sync(ann.upload(tampered)));
    expect(codeOf(await world.backend.sync(ann.upload(tampered)))).toBe('NEW_CERTIFICATE_NEEDED');
    // Whoever puts the purse back to its first time gets no further by the second.
    expect(codeOf(await world.backend.sync(first))).toBe('NEW_CERTIFICATE_NEEDED');
    await renew(world, ann);
    takeIn(ann, await world.backend.sync(ann.upload(tampered)));
    takeIn(ann, await world.backend.sync(ann.upload()));
    expect(codeOf(await world.backend.sync(ann.upload(tampered)))).toBe('NEW_CERTIFICATE_NEEDED');
  });

  test('gets each response in its turn, a lower tier for good, and the last one in the end', async () => {
    const world = await worldOf('unlock', 'lower-tier', 'revoke');
    const ann = await world.enrol('ann');
    const first = toHex(ann.ref);
    takeIn(ann, await world.backend.sync(ann.upload(tampered)));
    expect(await renew(world, ann)).toBe(ASSURANCE.virtualElement);
    expect(codeOf(await world.backend.sync(ann.upload(tampered)))).toBe('NEW_CERTIFICATE_NEEDED');
    expect(await renew(world, ann)).toBe(ASSURANCE.keysOnly);
    takeIn(ann, await world.backend.sync(ann.upload(tampered)));
    takeIn(ann, await world.backend.sync(ann.upload()));
    expect(await renew(world, ann)).toBe(ASSURANCE.keysOnly);
    const last = ann.upload(tampered);
    expect(codeOf(await world.backend.sync(last))).toBe('REVOKED');
    expect(codeOf(await world.backend.sync(last))).toBe('REVOKED');
    expect((await world.store.reports.purse(first))?.revokedAt).not.toBeNull();
    expect(codeOf(await world.backend.renew(ann.renew(world.backend.challenge(), ann.alg)))).toBe(
      'REVOKED',
    );
    expect((await world.backend.audit()).differences).toEqual([]);
  });

  test('stays where it is without a lower tier', async () => {
    const world = await createWorld(createMemoryStore(), { tampering: ['lower-tier'] });
    const ann = await world.enrol('ann');
    expect(codeOf(await world.backend.sync(ann.upload(tampered)))).toBe('NEW_CERTIFICATE_NEEDED');
    expect(await renew(world, ann)).toBe(ASSURANCE.software);
    takeIn(ann, await world.backend.sync(ann.upload(tampered)));
  });
});
