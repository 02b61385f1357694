import { type Bytes, checkProof, decodeProof, runChecking, toHex } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { settle } from './deliver.ts';
import { ingest } from './ingest.ts';
import { revoke } from './revocations.ts';
import { permutations } from './testing/orders.ts';
import { type Handed, type ScriptedPurse } from './testing/purse.ts';
import { states } from './testing/states.ts';
import { World } from './testing/world.ts';

const open = (): Promise<World> => new World(createMemoryStore()).open();

/** The one stored proof, checked by the protocol alone; returns whom it convicts. */
async function convicted(world: World): Promise<{ culprit: string; proof: Bytes; kind: number }> {
  const { rows } = await world.store.reports.proofs('', 10);
  expect(rows).toHaveLength(1);
  const proof = rows[0]?.wire ?? new Uint8Array();
  const culprit = runChecking(checkProof(proof, world.scheme.trust), softwareVerify);
  return { culprit: toHex(culprit.ref), proof, kind: decodeProof(proof).kind };
}

interface Crime {
  readonly world: World;
  readonly mallory: ScriptedPurse;
  readonly clone: ScriptedPurse;
  readonly payees: readonly [ScriptedPurse, ScriptedPurse];
  readonly handed: readonly [Handed, Handed];
}

/** Mallory pays 800 of her 1,000 to two payees each, by rolling back in between. */
async function doubleSpend(): Promise<Crime> {
  const world = await open();
  const mallory = await world.enrol('mallory');
  const xavier = await world.enrol('xavier');
  const yvonne = await world.enrol('yvonne', 'BETA');
  await world.load(mallory, 1_000n);
  const clone = mallory.copy();
  const handed = [mallory.pay(xavier, 800n), clone.pay(yvonne, 800n)] as const;
  xavier.accept(handed[0]);
  yvonne.accept(handed[1]);
  return { world, mallory, clone, payees: [xavier, yvonne], handed };
}

describe('a payer that was rolled back and spent twice', () => {
  test.each(permutations(['xavier', 'yvonne', 'mallory', 'clone']))(
    'is named by a proof that checks, in the order %s, %s, %s, %s',
    async (...order) => {
      const { world, mallory, clone, payees, handed } = await doubleSpend();
      const uploads = new Map([
        ['xavier', payees[0].upload()],
        ['yvonne', payees[1].upload()],
        ['mallory', mallory.upload()],
        ['clone', clone.upload()],
      ]);
      for (const name of order) {
        const upload = uploads.get(name);
        if (upload !== undefined) await world.take(upload);
        expect((await world.supply()).balanced).toBe(true);
      }
      expect((await convicted(world)).culprit).toBe(mallory.id);
      expect(await world.row(mallory)).toMatchObject({ standing: 'culprit', revokedAt: 2 });
      expect(await world.revoked()).toEqual([mallory.certificate.profile.statusIndex]);

      // Both payees are paid; what the two branches spent beyond the load is the loss (rule 7).
      expect(await states(world, handed[0])).toEqual(['accepted', 'accepted']);
      expect(await states(world, handed[1])).toEqual(['accepted', 'accepted']);
      expect(await world.supply()).toMatchObject({
        reserve: 1_000n,
        loss: 600n,
        balances: 1_600n,
        inFlight: 0n,
      });
      for (const payee of payees) expect((await world.row(payee)).standing).toBe('sound');
    },
  );

  test('has its unload frozen against what it owes', async () => {
    const { world, mallory, payees } = await doubleSpend();
    for (const payee of payees) await world.sync(payee);
    const unload = world.unload(mallory, 200n);
    await world.sync(mallory);
    expect(await states(world, unload)).toEqual(['frozen', null]);
    expect(world.credits).toEqual([]);
    expect(await world.supply()).toMatchObject({ reserve: 1_000n, loss: 800n, inFlight: 200n });
  });

  test('is revoked once, however often that is decided', async () => {
    const { world, mallory, payees } = await doubleSpend();
    for (const payee of payees) await world.sync(payee);
    expect(await revoke([mallory.id], 'again', world.context)).toBe(2);
    expect((await world.store.latestList())?.version).toBe(2);
  });

  test('is only suspect where no stored root bears out the proof', async () => {
    const { world, mallory, payees } = await doubleSpend();
    const authorities = new Map<string, never>();
    const context = { ...world.context, trust: { ...world.scheme.trust, authorities } };
    for (const payee of payees) await ingest(payee.upload(), context);
    await settle(context, async () => undefined);
    expect(await world.row(mallory)).toMatchObject({ standing: 'suspect', revokedAt: null });
    expect((await world.store.reports.proofs('', 9)).rows).toEqual([]);
  });

  test('cannot be loaded any more', async () => {
    const { world, mallory, payees } = await doubleSpend();
    for (const payee of payees) await world.sync(payee);
    await expect(world.issue(mallory, 1n)).rejects.toThrow('revoked');
  });

  test('owes what it is recognised to have cost, and less when its own log brings inflow', async () => {
    const { world, mallory, payees } = await doubleSpend();
    for (const payee of payees) await world.sync(payee);
    expect((await world.supply()).loss).toBe(1_600n);
    await world.sync(mallory);
    expect((await world.supply()).loss).toBe(600n);
    const { rows } = await world.store.reports.balances('', 100);
    const owed = rows.find(({ account }) => account === 'receivable');
    expect(owed).toMatchObject({ purse: mallory.id, balance: 600n });
  });

  test('who pays after the revocation is not worth what careless payees claim', async () => {
    const { world, clone, payees } = await doubleSpend();
    for (const payee of payees) await world.sync(payee);
    const [early, late] = [clone.pay(payees[0], 10n), clone.pay(payees[0], 20n)];
    payees[0].accept(early);
    payees[0].listVersion = 2;
    payees[0].accept(late);
    await world.sync(payees[0]);
    expect(await states(world, early)).toEqual(['accepted', 'accepted']);
    expect(await states(world, late)).toEqual(['accepted', 'afterRevocation']);
    expect(await world.float(payees[0])).toBe(810n);
    expect((await world.supply()).balanced).toBe(true);
  });

  test('is judged by the list in the payee log, even where the revocation comes last', async () => {
    const { world, clone, payees } = await doubleSpend();
    const late = clone.pay(payees[0], 20n);
    payees[0].listVersion = 2;
    payees[0].accept(late);
    await world.sync(payees[0]);
    expect(await states(world, late)).toEqual(['accepted', 'accepted']);
    await world.sync(payees[1]);
    expect(await states(world, late)).toEqual(['accepted', 'afterRevocation']);
    expect(await world.float(payees[0])).toBe(800n);
    expect((await world.supply()).balanced).toBe(true);
  });
});

describe('a culprit whose payment only a stranger has shown', () => {
  test('does not hold up what is told about it', async () => {
    const { world, mallory, clone, payees } = await doubleSpend();
    for (const payee of payees) await world.sync(payee);
    const [carol, thief] = [await world.enrol('carol'), await world.enrol('thief')];
    const handed = clone.pay(carol, 5n);
    thief.accept(handed);
    await world.sync(thief);
    expect(await states(world, handed)).toEqual(['open', 'misaddressed']);
    carol.listVersion = 2;
    carol.accept(handed);
    await world.sync(carol);
    expect(await states(world, handed)).toEqual(['accepted', 'afterRevocation']);
    expect((await world.row(mallory)).standing).toBe('culprit');
    expect((await world.supply()).balanced).toBe(true);
  });
});

describe('two clones', () => {
  test('that take one load are one purse that forked, and the load counts once', async () => {
    for (const extra of [0, 2]) {
      const world = await open();
      const mallory = await world.enrol('mallory');
      const load = await world.issue(mallory, 1_000n);
      const clone = mallory.copy();
      clone.adopt({});
      for (const purse of [mallory, clone]) purse.accept(load);
      for (let count = 0; count < extra; count++) clone.adopt({});
      await world.sync(mallory);
      expect((await world.row(mallory)).standing).toBe('sound');
      await world.sync(clone);
      expect((await convicted(world)).culprit).toBe(mallory.id);
      expect(await world.float(mallory)).toBe(1_000n);
      expect(await world.supply()).toMatchObject({ reserve: 1_000n, loss: 0n, balanced: true });
    }
  });

  test('that both only make statements at different positions are proven by the earlier one', async () => {
    const world = await open();
    const mallory = await world.enrol('mallory');
    const clone = mallory.copy();
    clone.adopt({ listVersion: 1 });
    await world.sync(mallory);
    await world.sync(clone);
    expect(await convicted(world)).toMatchObject({ culprit: mallory.id, kind: 2 });
  });

  test('across a renewal are suspect: no single certificate contradicts itself', async () => {
    const world = await open();
    const mallory = await world.enrol('mallory');
    const clone = mallory.copy();
    await world.renew(mallory, 'mallory again');
    await world.sync(mallory);
    clone.adopt({});
    clone.adopt({});
    await world.take(clone.upload());
    expect(await world.row(mallory)).toMatchObject({
      standing: 'suspect',
      reason: 'fork-without-proof',
      forkSeq: 1,
    });
    expect(await world.revoked()).toEqual([]);
  });
});

describe('a payee that voids and accepts one payment', () => {
  /** Bob accepts and keeps the money; a clone of him voids, and Alice takes hers back. */
  async function bothWays(isClone: boolean) {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    const reason = (isClone ? bob.copy() : bob).void(handed);
    bob.accept(handed);
    bob.adopt({});
    alice.restore(handed, reason);
    return { world, alice, bob, handed };
  }

  test.each(permutations(['alice', 'bob']))(
    'forked is convicted, and the void stands: %s, then %s',
    async (...order) => {
      const { world, alice, bob, handed } = await bothWays(true);
      for (const name of order) await world.sync(name === 'alice' ? alice : bob);
      expect((await convicted(world)).culprit).toBe(bob.id);
      expect(await states(world, handed)).toEqual(['restored', 'voided']);
      expect(await world.float(alice)).toBe(1_000n);
      expect(await world.float(bob)).toBe(0n);
      expect((await world.supply()).balanced).toBe(true);
    },
  );

  test.each(permutations(['alice', 'bob']))(
    'in one log is suspect, since no signed receipt is at hand, and the void stands: %s, then %s',
    async (...order) => {
      const { world, alice, bob, handed } = await bothWays(false);
      for (const name of order) await world.sync(name === 'alice' ? alice : bob);
      expect(await world.row(bob)).toMatchObject({
        standing: 'suspect',
        reason: 'accepted-and-voided',
      });
      expect(await states(world, handed)).toEqual(['restored', 'voided']);
      expect(await world.supply()).toMatchObject({ balances: 1_000n, inFlight: 0n, loss: 0n });
    },
  );
});

describe('a proof that a device came across', () => {
  test('convicts its culprit wherever it comes from, once', async () => {
    const there = await doubleSpend();
    for (const payee of there.payees) await there.world.sync(payee);
    const { proof } = await convicted(there.world);

    const here = await doubleSpend();
    const witness = await here.world.enrol('witness');
    await here.world.sync(witness, [proof, proof]);
    expect(await here.world.row(here.mallory)).toMatchObject({ standing: 'culprit', revokedAt: 2 });
    await here.world.sync(witness, [proof]);
    expect((await convicted(here.world)).culprit).toBe(here.mallory.id);
  });

  test('that does not check convicts nobody', async () => {
    const there = await doubleSpend();
    for (const payee of there.payees) await there.world.sync(payee);
    const { proof } = await convicted(there.world);
    proof[proof.length - 1]! ^= 1;

    const here = await doubleSpend();
    await here.world.sync(await here.world.enrol('witness'), [proof, Uint8Array.of(0x80)]);
    expect((await here.world.row(here.mallory)).standing).toBe('sound');
  });
});
