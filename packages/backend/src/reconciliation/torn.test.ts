import { closure, encodeCbor, encodeSigned, ES256, NO_EXTERNAL } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { unhex } from '../store/hex.ts';
import { createMemoryStore } from '../store/memory.ts';
import { type Handed, readClosure, type ScriptedPurse } from './testing/purse.ts';
import { signWith } from './testing/scheme.ts';
import { states } from './testing/states.ts';
import { World } from './testing/world.ts';

const HOUR = 3_600;

/** Alice has paid Bob 300 of her 1,000, and the tap was torn. */
async function torn(): Promise<{
  world: World;
  alice: ScriptedPurse;
  bob: ScriptedPurse;
  handed: Handed;
}> {
  const world = await new World(createMemoryStore()).open();
  const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob', 'BETA')];
  await world.load(alice, 1_000n);
  const handed = alice.pay(bob, 300n);
  return { world, alice, bob, handed };
}

async function balanced(world: World): Promise<void> {
  expect((await world.supply()).balanced).toBe(true);
}

describe('a void (rule 4)', () => {
  test.each(['payer first', 'payee first'])('gives the money back: %s', async (order) => {
    const { world, alice, bob, handed } = await torn();
    alice.restore(handed, bob.void(handed));
    for (const purse of order === 'payer first' ? [alice, bob] : [bob, alice]) {
      expect((await world.sync(purse)).refused).toEqual([]);
    }
    expect(await states(world, handed)).toEqual(['restored', 'voided']);
    expect(await world.float(alice)).toBe(1_000n);
    expect(await world.supply()).toMatchObject({ balances: 1_000n, inFlight: 0n });
    await balanced(world);
  });

  test('in the payee log alone leaves the money in flight until the payer takes it back', async () => {
    const { world, alice, bob, handed } = await torn();
    bob.void(handed);
    await world.sync(bob);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['voided', 'voided']);
    expect(await world.supply()).toMatchObject({ balances: 700n, inFlight: 300n });
  });

  test.each([
    ['nothing', false, 'MISSING_FIELD'],
    ['a void of another payment', true, 'BAD_FIELD'],
  ])('is needed: a restore on the strength of %s does not count', async (_name, isVoid, code) => {
    const { world, alice, bob, handed } = await torn();
    const other = alice.pay(bob, 1n);
    alice.restore(handed, isVoid ? bob.void(other) : null);
    expect((await world.sync(alice)).refused).toEqual([{ index: 3, code }]);
    expect(await world.float(alice)).toBe(699n);
  });

  test('by another purse than the payee does not count', async () => {
    const { world, alice, handed } = await torn();
    const carol = await world.enrol('carol');
    alice.restore(handed, carol.void(handed));
    expect((await world.sync(alice)).refused).toEqual([{ index: 2, code: 'WRONG_ROLE' }]);
    expect(await states(world, handed)).toEqual(['open', 'expected']);
  });

  test('with a changed signature does not count', async () => {
    const { world, alice, bob, handed } = await torn();
    const reason = bob.void(handed);
    reason[reason.length - 1]! ^= 1;
    alice.restore(handed, reason);
    expect((await world.sync(alice)).refused).toEqual([{ index: 2, code: 'BAD_SIGNATURE' }]);
    expect(await world.float(alice)).toBe(700n);
  });

  test('of a payment that the own log does not have is not open', async () => {
    const { world, alice, bob, handed } = await torn();
    const fresh = alice.copy();
    fresh.seq = 0;
    fresh.head = new Uint8Array(32);
    fresh.kept = [];
    fresh.restore(handed, bob.void(handed));
    expect((await world.sync(fresh)).refused).toEqual([{ index: 0, code: 'NOT_OPEN' }]);
  });

  test('is restored once, however often the log says so', async () => {
    const { world, alice, bob, handed } = await torn();
    const reason = bob.void(handed);
    alice.restore(handed, reason);
    alice.restore(handed, reason);
    await world.sync(alice);
    expect(await world.float(alice)).toBe(1_000n);
  });
});

describe('a closure (rule 2)', () => {
  test('comes from a complete log without the payment, past its last moment', async () => {
    const { world, alice, bob, handed } = await torn();
    expect((await world.sync(alice)).closures).toEqual([]);
    world.now += HOUR + 1;
    // Bob has not heard the new time yet: that he lacks the payment proves nothing.
    await world.sync(bob);
    expect(await states(world, handed)).toEqual(['open', 'expected']);
    await world.sync(bob);
    expect(await states(world, handed)).toEqual(['closed', 'closed']);

    const { closures } = await world.sync(alice);
    expect(closures.map(readClosure)).toMatchObject([{ paymentId: handed.id }]);
    alice.restore(handed, closures[0] ?? null);
    const after = await world.sync(alice);
    expect(after).toMatchObject({ refused: [], closures: [] });
    expect(await states(world, handed)).toEqual(['restored', 'closed']);
    expect(await world.supply()).toMatchObject({ balances: 1_000n, inFlight: 0n });
    await balanced(world);
  });

  test('comes also when the payer is the last to come', async () => {
    const { world, alice, bob, handed } = await torn();
    world.now += HOUR + 1;
    await world.sync(bob);
    await world.sync(bob);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['closed', 'closed']);
    expect((await world.sync(alice)).closures).toHaveLength(1);
  });

  test('does not come at the very last moment of acceptance', async () => {
    const { world, alice, bob, handed } = await torn();
    await world.sync(alice);
    world.now += HOUR;
    await world.sync(bob);
    await world.sync(bob);
    expect(await states(world, handed)).toEqual(['open', 'expected']);
  });

  test('does not come at that moment when the payer is the last to come either', async () => {
    const { world, alice, bob, handed } = await torn();
    world.now += HOUR;
    await world.sync(bob);
    await world.sync(bob);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['open', 'expected']);
  });

  test('does not come from a log with a gap', async () => {
    const { world, alice, bob, handed } = await torn();
    await world.sync(alice);
    await world.sync(bob);
    world.now += HOUR + 1;
    bob.adopt({ floor: world.now });
    bob.adopt({});
    bob.kept = bob.kept.slice(1);
    await world.take(bob.upload());
    expect(await states(world, handed)).toEqual(['open', 'expected']);
  });

  test('does not come from somebody whom the payment does not name', async () => {
    const { world, alice, bob, handed } = await torn();
    const carol = await world.enrol('carol');
    carol.void(handed);
    await world.sync(carol);
    await world.sync(alice);
    world.now += HOUR + 1;
    await world.sync(carol);
    await world.sync(carol);
    expect(await states(world, handed)).toEqual(['open', 'expected']);
    bob.accept(handed);
    await world.sync(bob);
    expect(await states(world, handed)).toEqual(['accepted', 'accepted']);
  });

  test('does not come for a payment that was accepted', async () => {
    const { world, alice, bob, handed } = await torn();
    bob.accept(handed);
    await world.sync(alice);
    world.now += HOUR + 1;
    await world.sync(bob);
    await world.sync(bob);
    expect(await states(world, handed)).toEqual(['accepted', 'accepted']);
  });

  test('does not come with the very upload that brings the receipt', async () => {
    const { world, alice, bob, handed } = await torn();
    await world.sync(alice);
    bob.accept(handed);
    bob.adopt({ floor: world.now + HOUR + 1 });
    await world.sync(bob);
    expect(await states(world, handed)).toEqual(['accepted', 'accepted']);
  });

  test('outweighs a receipt that comes after it, and no one is paid twice', async () => {
    const { world, alice, bob, handed } = await torn();
    await world.sync(alice);
    world.now += HOUR + 1;
    await world.sync(bob);
    await world.sync(bob);
    bob.accept(handed);
    await world.sync(bob);
    const { closures } = await world.sync(alice);
    alice.restore(handed, closures[0] ?? null);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['restored', 'closed']);
    expect(await world.float(alice)).toBe(1_000n);
    expect(await world.float(bob)).toBe(0n);
    await balanced(world);
  });

  test('signed by a purse does not count', async () => {
    const { world, alice, bob, handed } = await torn();
    const [paymentId, statementId] = [unhex(handed.id), new Uint8Array(32)];
    const payload = encodeCbor(closure.encode({ paymentId, statementId, time: world.now }));
    const draft = { alg: ES256, kid: bob.certificate.ref, external: NO_EXTERNAL, payload } as const;
    alice.restore(handed, encodeSigned(signWith(bob.key, draft)));
    expect((await world.sync(alice)).refused).toEqual([{ index: 2, code: 'WRONG_ROLE' }]);
    expect(await world.float(alice)).toBe(700n);
  });

  test('made up by the payer does not count', async () => {
    const { world, alice, handed } = await torn();
    const reason = alice.void(handed);
    alice.restore(handed, reason);
    expect((await world.sync(alice)).refused).toContainEqual({ index: 3, code: 'WRONG_ROLE' });
    expect(await world.float(alice)).toBe(700n);
  });

  test('of a load sends it back to its account', async () => {
    const { world, alice } = await torn();
    const load = await world.issue(alice, 500n);
    expect((await world.supply()).reserve).toBe(1_500n);
    world.now += HOUR + 1;
    await world.sync(alice);
    await world.sync(alice);
    expect(await states(world, load)).toEqual([null, 'closed']);
    expect(await world.supply()).toMatchObject({ reserve: 1_000n, balanced: true });
    expect(world.credits).toMatchObject([{ payment: load.id, amount: 500n, cause: 'loadReturn' }]);
  });
});
