import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import { supply } from './supply.ts';
import { states } from './testing/states.ts';
import { World } from './testing/world.ts';

const open = (): Promise<World> => new World(createMemoryStore()).open();

describe('a load (rule 10)', () => {
  test('is in flight once it is signed, and float once the purse has accepted it', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    const handed = await world.issue(alice, 1_000n);
    expect(await world.supply()).toMatchObject({ reserve: 1_000n, inFlight: 1_000n, balances: 0n });

    alice.accept(handed);
    await world.sync(alice);
    expect(await world.float(alice)).toBe(1_000n);
    expect(await world.supply()).toMatchObject({ reserve: 1_000n, inFlight: 0n, balanced: true });
  });

  test('is not verified when it comes back in a receipt: the issuer remembers it', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    await world.load(alice, 1_000n);
    await world.sync(alice);
    expect(world.verified).toBe(1);
  });
});

describe('a payment', () => {
  test('is float of the payer, then in flight, then float of the payee', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['open', 'expected']);
    expect(await world.supply()).toMatchObject({ balances: 700n, inFlight: 300n, balanced: true });

    bob.accept(handed);
    await world.sync(bob);
    expect(await states(world, handed)).toEqual(['accepted', 'accepted']);
    expect(await world.float(bob)).toBe(300n);
    expect(await world.supply()).toMatchObject({ balances: 1_000n, inFlight: 0n, balanced: true });
  });

  test('counts from the moment the payee brings it, before the payer does', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    bob.accept(alice.pay(bob, 300n));
    await world.sync(bob);
    expect(await world.float(bob)).toBe(300n);
    // Exposed, not guilty: the load it paid from has not come yet (rule 7).
    expect(await world.float(alice)).toBe(-300n);
    expect(await world.row(alice)).toMatchObject({ standing: 'sound', exposed: 300n });
    expect((await world.supply()).balanced).toBe(true);

    await world.sync(alice);
    expect(await world.float(alice)).toBe(700n);
    expect(await world.row(alice)).toMatchObject({ standing: 'sound', exposed: 0n });
  });

  test.each([
    ['payer first', 2],
    ['payee first', 3],
  ])('is verified alone only where no verified head covers it yet: %s', async (order, verified) => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    bob.accept(alice.pay(bob, 300n));
    for (const purse of order === 'payer first' ? [alice, bob] : [bob, alice]) {
      await world.sync(purse);
    }
    expect(world.verified).toBe(verified);
  });

  test('between participants leaves a position, and each side balances', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice', 'ALFA'), await world.enrol('bob', 'BETA')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    bob.accept(handed);
    const back = bob.pay(alice, 100n);
    alice.accept(back);
    await world.sync(bob);
    await world.sync(alice);
    const sides = await supply(world.store);
    expect(sides.map(({ participant, position }) => [participant, position])).toEqual([
      [null, 0n],
      ['ALFA', -200n],
      ['BETA', 200n],
    ]);
    expect(sides.every(({ balanced }) => balanced)).toBe(true);
    expect(sides.map(({ inFlight }) => inFlight)).toEqual([0n, 0n, 0n]);
  });

  test('is credited once, however many receipts the payee signs', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    bob.accept(handed);
    bob.accept(handed);
    await world.sync(bob);
    expect(await world.float(bob)).toBe(300n);
  });

  test('to somebody else is not credited to whoever claims it', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    const carol = await world.enrol('carol');
    await world.load(alice, 1_000n);
    const handed = alice.pay(carol, 300n);
    bob.accept(handed);
    await world.sync(bob);
    expect(await world.float(bob)).toBe(0n);
    expect(await states(world, handed)).toEqual(['open', 'misaddressed']);
    carol.accept(handed);
    await world.sync(carol);
    expect(await states(world, handed)).toEqual(['accepted', 'accepted']);
    expect(await world.float(carol)).toBe(300n);
    expect((await world.supply()).balanced).toBe(true);
  });

  test('in a currency the payee does not hold is not credited', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    const handed = alice.pay(bob, 300n, 840);
    bob.accept(handed);
    await world.sync(bob);
    expect(await world.float(bob)).toBe(0n);
    expect((await supply(world.store)).every(({ balanced }) => balanced)).toBe(true);
  });

  test('to oneself moves nothing in the end', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    await world.load(alice, 1_000n);
    alice.accept(alice.pay(alice, 300n));
    await world.sync(alice);
    expect(await world.float(alice)).toBe(1_000n);
    expect(await world.supply()).toMatchObject({ inFlight: 0n, balanced: true });
  });
});

describe('an unload (TS-PAY-12)', () => {
  test('is paid out to the account with the sync that brings it', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    await world.load(alice, 1_000n);
    const handed = world.unload(alice, 400n);
    const { answer } = await world.sync(alice);
    expect(await states(world, handed)).toEqual(['redeemed', null]);
    expect(await world.supply()).toMatchObject({ reserve: 600n, balances: 600n, inFlight: 0n });
    expect(world.credits).toMatchObject([
      { payment: handed.id, amount: 400n, account: 'account of alice', cause: 'unload' },
    ]);
    expect(answer).toBeInstanceOf(Uint8Array);
  });

  test('does not wait for payments that only payees have shown so far', async () => {
    const world = await open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    world.unload(alice, 400n);
    const earlier = alice.upload();
    await world.load(alice, 200n);
    bob.accept(alice.pay(bob, 700n));
    await world.sync(bob);
    await world.take(earlier);
    expect(world.credits).toHaveLength(1);
  });

  test('that the own log does not cover is frozen, and paid once it does', async () => {
    const world = await open();
    const alice = await world.enrol('alice');
    const handed = world.unload(alice, 400n);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['frozen', null]);
    expect(world.credits).toEqual([]);
    await world.load(alice, 400n);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['redeemed', null]);
    expect(world.credits).toHaveLength(1);
  });

  test('to the issuer of another participant stays in flight', async () => {
    const world = await open();
    const alice = await world.enrol('alice', 'ALFA');
    await world.load(alice, 1_000n);
    const handed = alice.pay({ certificate: world.scheme.party('BETA').issuing }, 400n);
    await world.sync(alice);
    expect(await states(world, handed)).toEqual(['open', null]);
    expect(await world.supply()).toMatchObject({ reserve: 1_000n, inFlight: 400n, balanced: true });
  });
});
