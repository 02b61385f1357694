import type { Bytes } from '@tallystick/protocol';
import type { Store } from '../../store/port.ts';
import type { ScriptedPurse } from './purse.ts';
import { World } from './world.ts';

export interface History {
  readonly world: World;
  /** Uploads by purse, in the order they were made; the last one has everything. */
  readonly uploads: ReadonlyMap<string, readonly Bytes[]>;
}

/**
 * Four purses of two participants load, pay along a chain and back, tear one tap and void it, and
 * redeem. Nothing is left open, and nobody was online in between.
 */
export async function closedHistory(store: Store): Promise<History> {
  const world = await new World(store).open();
  const [alice, bob] = [await world.enrol('alice', 'ALFA'), await world.enrol('bob', 'BETA')];
  const [carol, dave] = [await world.enrol('carol', 'ALFA'), await world.enrol('dave', 'BETA')];
  const uploads = new Map<string, Bytes[]>();
  const keep = (...purses: readonly ScriptedPurse[]): void => {
    for (const purse of purses) {
      uploads.set(purse.name, [...(uploads.get(purse.name) ?? []), purse.upload()]);
    }
  };
  await world.load(alice, 1_000n);
  await world.load(carol, 50n);
  bob.accept(alice.pay(bob, 600n));
  keep(alice, bob);
  const torn = bob.pay(carol, 250n);
  bob.restore(torn, carol.void(torn));
  carol.accept(bob.pay(carol, 250n));
  keep(bob, carol);
  dave.accept(carol.pay(dave, 299n));
  alice.accept(dave.pay(alice, 99n));
  for (const [purse, amount] of [
    [alice, 499n],
    [bob, 350n],
    [carol, 1n],
    [dave, 200n],
  ] as const) {
    world.unload(purse, amount);
  }
  keep(alice, bob, carol, dave);
  return { world, uploads };
}

/** The double spender of the design: two payees, a third who was paid onwards, everyone uploads. */
export async function forkedHistory(store: Store): Promise<History> {
  const world = await new World(store).open();
  const [mallory, xavier] = [await world.enrol('mallory'), await world.enrol('xavier', 'BETA')];
  const [yvonne, zoe] = [await world.enrol('yvonne'), await world.enrol('zoe', 'BETA')];
  await world.load(mallory, 1_000n);
  const clone = mallory.copy();
  xavier.accept(mallory.pay(xavier, 800n));
  yvonne.accept(clone.pay(yvonne, 900n));
  zoe.accept(yvonne.pay(zoe, 400n));
  zoe.accept(clone.pay(zoe, 30n));
  const purses = [mallory, xavier, yvonne, zoe];
  const uploads = new Map(purses.map((purse) => [purse.name, [purse.upload()]]));
  uploads.set('mallory', [...(uploads.get('mallory') ?? []), clone.upload()]);
  return { world, uploads };
}

/**
 * Whatever can go another way than straight: voids with and without a restore, a closure, a load that
 * goes back, claims by strangers, another currency, a renewal, an unload that is not covered, and a
 * payment that comes after a revocation. Everything has been synced.
 */
export async function crookedHistory(store: Store): Promise<World> {
  const world = await new World(store).open();
  const [alice, bob] = [await world.enrol('alice', 'ALFA'), await world.enrol('bob', 'BETA')];
  const [carol, mallory] = [await world.enrol('carol'), await world.enrol('mallory', 'BETA')];
  const everyone = [alice, bob, carol, mallory];
  await world.load(alice, 1_000n);
  await world.load(mallory, 70n);
  await world.issue(carol, 40n);
  const clone = mallory.copy();

  const voided = alice.pay(bob, 100n);
  alice.restore(voided, bob.void(voided));
  bob.void(alice.pay(bob, 101n));
  const unclaimed = alice.pay(bob, 102n);
  carol.accept(alice.pay(bob, 103n));
  bob.accept(alice.pay(bob, 104n, 840));
  await world.renew(alice, 'alice again');
  bob.accept(alice.pay(bob, 105n));
  world.unload(carol, 9n);
  bob.accept(mallory.pay(bob, 60n));
  carol.accept(clone.pay(carol, 50n));
  world.unload(mallory, 1n);
  for (const purse of everyone) await world.sync(purse);
  carol.adopt({ listVersion: 2 });
  carol.accept(clone.pay(carol, 7n));
  world.now += 3_601;
  for (const purse of [...everyone, ...everyone]) await world.sync(purse);
  const { closures } = await world.sync(alice);
  for (const closure of closures.slice(0, 1)) alice.restore(unclaimed, closure);
  for (const purse of everyone) await world.sync(purse);
  return world;
}
