import { decodeFrame, encodeFrame, encodeProof, type Frame } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { getPaid } from '../session/payee.ts';
import { pay } from '../session/payer.ts';
import type { Parts } from '../session/parts.ts';
import type { Device } from '../testing/device.ts';
import { yes } from '../testing/pair.ts';
import { DAY, EUR, statusOf, World } from '../testing/world.ts';
import { joinable, memoryPair, qrDuplex } from '../transport/index.ts';

const kinds = (frames: readonly Frame[]): number[] => frames.map(({ kind }) => kind);

async function tap(world: World, payer: Parts, payee: Parts, amount = 1n): Promise<Frame[]> {
  const frames: Frame[] = [];
  const { a, b } = memoryPair((frame) => {
    frames.push(decodeFrame(frame));
    return 'deliver';
  });
  const both = Promise.all([pay(payer, a, yes), getPaid(payee, b, { currency: EUR, amount })]);
  const [paid, received] = await world.timer.run(both);
  expect([paid, received]).toMatchObject([{ ok: true }, { ok: true }]);
  return frames;
}

async function three(): Promise<{ world: World; devices: Device[]; parts: Parts[] }> {
  const world = new World();
  const devices = [
    await world.device('ada', { load: 5_000n }),
    await world.device('bo', { participant: 1, load: 5_000n }),
    await world.device('cy', { load: 5_000n }),
  ];
  return { world, devices, parts: devices.map((device) => world.parts(device)) };
}

/** Gives a device the operator's newest list, as a sync would. */
async function giveList(world: World, { shelves }: Parts, revoked: number[]): Promise<void> {
  world.pass(DAY);
  world.backend.listVersion += 1;
  world.backend.revoked = revoked;
  const list = await world.backend.statusList();
  if (!list.ok) throw new Error(list.error.message);
  const { certificate } = world.backend.scheme.operator;
  expect(await shelves.learnList({ list: list.value, certificate })).toMatchObject({ ok: true });
}

const versions = (devices: Device[]): Promise<number[]> =>
  Promise.all(devices.map(async (device) => (await statusOf(device)).listVersion));

describe('status lists spread from device to device (TS-SES-2)', () => {
  test('from the payer to the payee, and from the payee to the payer, after the money', async () => {
    const { world, devices, parts } = await three();
    const [ada, bo, cy] = parts as [Parts, Parts, Parts];
    expect(kinds(await tap(world, ada, bo))).toEqual([1, 2, 3]);
    await giveList(world, ada, [7]);
    expect(kinds(await tap(world, ada, bo))).toEqual([1, 2, 3, 6]);
    expect(await versions(devices)).toEqual([2, 2, 1]);
    expect(kinds(await tap(world, cy, bo))).toEqual([1, 2, 3, 8, 6]);
    expect(await versions(devices)).toEqual([2, 2, 2]);
    // Nobody has news any more.
    expect(kinds(await tap(world, ada, cy))).toEqual([1, 2, 3]);
  });

  test('a list outlives a restart, and revokes those it names', async () => {
    const { world, devices, parts } = await three();
    const [ada, bo] = parts as [Parts, Parts, Parts];
    // 100 and 101 are the indices of Ada and Cy at the first participant.
    await giveList(world, bo, [101]);
    devices[1]!.restart();
    const restarted = world.parts(devices[1]!);
    await tap(world, ada, restarted);
    const { a, b } = memoryPair();
    const cy = parts[2]!;
    const [paid] = await world.timer.run(
      Promise.all([pay(cy, a, yes), getPaid(restarted, b, { currency: EUR, amount: 1n })]),
    );
    expect(paid).toMatchObject({
      ok: true,
      value: { state: 'takenBack', cause: { reason: 'REVOKED' } },
    });
    expect(await versions(devices)).toEqual([2, 2, 2]);
  });

  test('is off where every frame is a code to scan', async () => {
    const { world, devices, parts } = await three();
    await giveList(world, parts[0]!, []);
    const quiet = devices.map((device) => world.parts(device, { gossip: false }));
    expect(kinds(await tap(world, quiet[0]!, quiet[1]!))).toEqual([1, 2, 3]);
  });

  test('goes over a link that joins a contact begun on a screen', async () => {
    const { world, devices, parts } = await three();
    const [ada, bo] = parts as [Parts, Parts, Parts];
    await giveList(world, ada, []);
    const { a, b } = memoryPair();
    const shown: unknown[] = [];
    const contact = joinable(qrDuplex((code) => shown.push(code)).transport);
    const earning = getPaid(bo, contact.transport, { currency: EUR, amount: 1n });
    contact.join(b);
    expect(await world.timer.run(pay(ada, a, yes))).toMatchObject({ value: { state: 'paid' } });
    await world.timer.run(earning);
    expect(await versions(devices)).toEqual([2, 2, 1]);
    // The request, and nothing again when it was over.
    expect(shown).toEqual([expect.anything(), null]);
  });

  test('an old or forged list changes nothing', async () => {
    const { world, devices, parts } = await three();
    await giveList(world, parts[0]!, []);
    const { scheme } = world.backend;
    const { certificate } = scheme.operator;
    const old = { list: scheme.signList({ version: 1 }), certificate };
    const forged = {
      list: scheme.signList({ version: 9 }),
      certificate: scheme.participants[0].issuer.certificate,
    };
    expect(await parts[0]!.shelves.learnList(old)).toMatchObject({ error: { code: 'STALE' } });
    expect((await parts[0]!.shelves.learnList(forged)).ok).toBe(false);
    expect((await parts[0]!.shelves.lists.newest())?.content.version).toBe(2);
    expect(await versions(devices)).toEqual([2, 1, 1]);
  });

  test('of a flood of lists, one is looked at', async () => {
    const { world, devices, parts } = await three();
    const [ada] = parts as [Parts, Parts, Parts];
    const { scheme } = world.backend;
    const { a, b } = memoryPair();
    for (let version = 2; version < 7; version++) {
      const list = scheme.signList({ version });
      await b.send(encodeFrame({ kind: 6, list, certificate: scheme.operator.certificate }));
    }
    await b.close();
    await world.timer.run(pay(ada, a, yes));
    expect((await versions(devices))[0]).toBe(2);
  });
});

describe('deltas of a status list spread from device to device (TS-LST-8, TS-SES-2)', () => {
  /** Revokes more, and gives a device the delta, from the version of the list it has or another. */
  async function giveDelta(
    world: World,
    { shelves }: Parts,
    { base, revoked }: { base: number; revoked: number[] },
  ): Promise<void> {
    world.pass(DAY);
    world.backend.listVersion += 1;
    world.backend.revoked = [...world.backend.revoked, ...revoked];
    const delta = world.backend.delta(base);
    const { certificate } = world.backend.scheme.operator;
    expect(await shelves.learnDelta({ delta, certificate })).toMatchObject({ ok: true });
  }

  test('one that completes the other list goes in its place', async () => {
    const { world, devices, parts } = await three();
    const [ada, bo, cy] = parts as [Parts, Parts, Parts];
    await giveDelta(world, ada, { base: 1, revoked: [7] });
    expect(kinds(await tap(world, ada, bo))).toEqual([1, 2, 3, 9]);
    expect(await versions(devices)).toEqual([2, 2, 1]);
    // Asked for as a list is, and handed on by whoever got it from a peer.
    expect(kinds(await tap(world, cy, bo))).toEqual([1, 2, 3, 8, 9]);
    expect(await versions(devices)).toEqual([2, 2, 2]);
    expect(kinds(await tap(world, ada, cy))).toEqual([1, 2, 3]);
  });

  test('one that does not goes before the list, and leads on from it', async () => {
    const { world, devices, parts } = await three();
    const [ada, bo] = parts as [Parts, Parts, Parts];
    await giveList(world, ada, [7]);
    await giveDelta(world, ada, { base: 2, revoked: [8] });
    expect(kinds(await tap(world, ada, bo))).toEqual([1, 2, 3, 9, 6]);
    expect(await versions(devices)).toEqual([3, 3, 1]);
  });

  test('one that misses something warns all the same, and raises no version', async () => {
    const { world, devices, parts } = await three();
    const [ada, bo, cy] = parts as [Parts, Parts, Parts];
    world.backend.listVersion = 4;
    // 101 is the index of Cy at the first participant.
    await giveDelta(world, ada, { base: 4, revoked: [101] });
    expect(await versions(devices)).toEqual([1, 1, 1]);
    expect(kinds(await tap(world, ada, bo))).toEqual([1, 2, 3, 9]);
    expect(await versions(devices)).toEqual([1, 1, 1]);
    const { a, b } = memoryPair();
    const both = Promise.all([pay(cy, a, yes), getPaid(bo, b, { currency: EUR, amount: 1n })]);
    const refused = { ok: true, value: { state: 'takenBack', cause: { reason: 'REVOKED' } } };
    expect((await world.timer.run(both))[0]).toMatchObject(refused);
    // A sync brings the rest.
    await giveList(world, bo, [7, 101]);
    expect((await versions(devices))[1]).toBe(6);
  });

  test('is kept over a restart, and for another than itself only when it leads further', async () => {
    const { world, devices, parts } = await three();
    const [ada] = parts as [Parts, Parts, Parts];
    await giveDelta(world, ada, { base: 1, revoked: [7] });
    const shorter = world.backend.delta(2, [7]);
    const { certificate } = world.backend.scheme.operator;
    expect((await ada.shelves.learnDelta({ delta: shorter, certificate })).ok).toBe(true);
    devices[0]!.restart();
    const again = world.parts(devices[0]!);
    expect((await again.shelves.deltas.newest())?.content).toMatchObject({ base: 1, version: 2 });
  });

  test('needs no certificate where its key signed the list at hand', async () => {
    const { world, devices, parts } = await three();
    const [ada, bo] = parts as [Parts, Parts, Parts];
    world.backend.listVersion = 2;
    const told = { delta: world.backend.delta(1), certificate: null };
    expect(await ada.shelves.learnDelta(told)).toMatchObject({ ok: true });
    expect((await versions(devices))[0]).toBe(2);
    const { issuer } = world.backend.scheme.participants[0];
    const wrong = { ...told, certificate: issuer.certificate };
    expect(await bo.shelves.learnDelta(wrong)).toMatchObject({
      error: { code: 'UNKNOWN_CERTIFICATE' },
    });
    expect(await bo.shelves.deltas.newest()).toBeNull();
  });

  test('are judged once a contact, however many come', async () => {
    const { world, devices, parts } = await three();
    const { a, b } = memoryPair();
    const { certificate } = world.backend.scheme.operator;
    for (const version of [2, 3, 4]) {
      world.backend.listVersion = version;
      await b.send(encodeFrame({ kind: 9, delta: world.backend.delta(1), certificate }));
    }
    await b.close();
    await world.timer.run(pay(parts[0]!, a, yes));
    expect((await versions(devices))[0]).toBe(2);
  });
});

describe('fork proofs spread from device to device (TS-FRK-4)', () => {
  const refused = { ok: true, value: { state: 'takenBack', cause: { reason: 'REVOKED' } } };

  async function attempt(world: World, payer: Parts, payee: Parts): Promise<unknown> {
    const { a, b } = memoryPair();
    const order = { currency: EUR, amount: 20n };
    const both = Promise.all([pay(payer, a, yes), getPaid(payee, b, order)]);
    return (await world.timer.run(both))[0];
  }

  /** Bo's purse is copied, and both copies pay Cy from the same position. */
  async function forked(): Promise<Awaited<ReturnType<typeof three>> & { readonly clone: Parts }> {
    const all = await three();
    const clone = all.world.parts(all.world.revive('bo', all.devices[1]!.keep()));
    await tap(all.world, all.parts[1]!, all.parts[2]!, 10n);
    return { ...all, clone };
  }

  test('who pays twice from one balance at one counter is caught there', async () => {
    const { world, parts, clone } = await forked();
    const [, , cy] = parts as [Parts, Parts, Parts];
    expect(await attempt(world, clone, cy)).toMatchObject(refused);
    expect(await cy.shelves.proofs.toUpload()).toHaveLength(1);
    const again = await attempt(world, parts[1]!, cy);
    expect(again).toMatchObject(refused);
  });

  test('whom Cy meets refuses the culprit as well, whichever way the money goes', async () => {
    const { world, parts, clone } = await forked();
    const [ada, bo, cy] = parts as [Parts, Parts, Parts];
    const dee = world.parts(await world.device('dee', { load: 100n }));
    await attempt(world, clone, cy);
    expect(kinds(await tap(world, cy, ada))).toEqual([1, 2, 3, 7]);
    expect(await attempt(world, bo, ada)).toMatchObject(refused);
    expect(kinds(await tap(world, dee, ada))).toEqual([1, 7, 2, 3]);
    expect(await attempt(world, bo, dee)).toMatchObject(refused);
  });

  test('a proof outlives a restart, and goes when a list names the culprit', async () => {
    const { world, devices, parts, clone } = await forked();
    await attempt(world, clone, parts[2]!);
    devices[2]!.restart();
    const cy = world.parts(devices[2]!);
    expect(await cy.shelves.proofs.toShare()).toHaveLength(1);
    await giveList(world, cy, [99]);
    expect(await cy.shelves.proofs.toShare()).toHaveLength(1);
    await giveList(world, cy, [99, 200]);
    expect(await cy.shelves.proofs.toShare()).toEqual([]);
    expect(await attempt(world, parts[1]!, cy)).toMatchObject(refused);
  });

  test('a proof that proves nothing changes nothing', async () => {
    const { world, parts, devices } = await three();
    const [ada, , cy] = parts as [Parts, Parts, Parts];
    const frames = await tap(world, ada, cy);
    const honest = frames.find((frame) => frame.kind === 2);
    if (honest?.kind !== 2) throw new Error('no payment');
    const exhibit = { external: new Uint8Array(32), record: honest.payment };
    const certificate = honest.certificate ?? new Uint8Array(0);
    const proof = encodeProof({ kind: 1, certificate, first: exhibit, second: exhibit });
    const before = devices[2]!.keep().disk.state;
    for (const bad of [proof, Uint8Array.of(0x80), new Uint8Array(0)]) {
      expect((await cy.shelves.proofs.learn(bad)).ok).toBe(false);
    }
    expect(await cy.shelves.proofs.toUpload()).toEqual([]);
    expect(devices[2]!.keep().disk.state).toEqual(before);
  });
});
