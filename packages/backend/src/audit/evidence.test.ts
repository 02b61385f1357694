import { type Bytes, RECORD } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { bent } from '../reconciliation/testing/bent.ts';
import { World } from '../reconciliation/testing/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import { auditOf } from './testing/audit-of.ts';
import { tampered } from './testing/tamper.ts';

async function finds(world: World, seen = world.store as Pick<World['store'], 'view'>) {
  const { differences } = await auditOf(world, seen);
  return differences.map(({ subject, computed }) => `${subject}: ${computed}`);
}

/** What restores carry, with something else in its place. */
function carrying(world: World, evidence: Bytes): Pick<World['store'], 'view'> {
  return tampered(world.store, 'facts', (row) =>
    row.kind === RECORD.restore ? [{ ...row, evidence }] : [row],
  );
}

describe('the audit finds a restore', () => {
  const FAULT = 'evidence: nobody who could decide it signed its evidence';

  test('on the void of somebody who is not its payee', async () => {
    const world = await new World(createMemoryStore()).open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    const carol = await world.enrol('carol');
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    alice.restore(handed, bob.void(handed));
    await world.sync(alice);
    expect(await finds(world)).toEqual([]);
    expect(await finds(world, carrying(world, carol.void(handed)))).toContain(FAULT);
    expect(await finds(world, carrying(world, alice.void(handed)))).toContain(FAULT);
  });

  test('on a closure that nobody decided', async () => {
    const world = await new World(createMemoryStore()).open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    await world.sync(alice);
    world.now += 3_601;
    await world.sync(bob);
    await world.sync(bob);
    const { closures } = await world.sync(alice);
    expect(closures).toHaveLength(1);
    alice.restore(handed, closures[0] ?? null);
    await world.sync(alice);
    expect((await world.store.reports.payment(handed.id)).payer?.restored).toBe(true);
    expect(await finds(world)).toEqual([]);
    const seen = tampered(world.store, 'decisions', (row) => (row.kind === 'closure' ? [] : [row]));
    expect(await finds(world, seen)).toContain(FAULT);
  });
});

describe('a receipt that carries a spoilt copy of its payment', () => {
  /** Two purses that have paid each other: one of them is read before the other. */
  async function spoiltBothWays(): Promise<World> {
    const world = await new World(createMemoryStore()).open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    await world.load(bob, 1_000n);
    const [there, back] = [alice.pay(bob, 300n), bob.pay(alice, 200n)];
    // Their heads vouch for both payments before anybody brings a copy.
    await world.sync(alice);
    await world.sync(bob);
    bob.accept({ ...there, wire: bent(there.wire) });
    alice.accept({ ...back, wire: bent(back.wire) });
    await world.sync(alice);
    await world.sync(bob);
    const { payee } = await world.store.reports.payment(there.id);
    expect(payee).toMatchObject({ credited: true });
    return world;
  }

  test('is as good as any where the payer’s own shard has the payment', async () => {
    expect(await finds(await spoiltBothWays())).toEqual([]);
  });

  test('proves nothing where it has not', async () => {
    const world = await spoiltBothWays();
    const seen = tampered(world.store, 'facts', (row) =>
      row.kind === RECORD.payment ? [] : [row],
    );
    const found = await finds(world, seen);
    const fault = 'evidence: its evidence does not verify';
    expect(found.filter((each) => each === fault)).toHaveLength(2);
  });
});
