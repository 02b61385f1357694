import { horizonOf } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { audit } from '../audit/index.ts';
import { createMemoryStore } from '../store/memory.ts';
import { recordLoad } from './loads.ts';
import { recordLost } from './lost.ts';
import { refundDue } from './refunds.ts';
import { refundAfter, refundNow, refunds, reportLost } from './testing/losing.ts';
import { EUR, type ScriptedPurse } from './testing/purse.ts';
import { states } from './testing/states.ts';
import { World } from './testing/world.ts';

const DAY = 86_400;

interface Cast {
  readonly world: World;
  readonly alice: ScriptedPurse;
  readonly bob: ScriptedPurse;
}

/** Alice has 1,000 and has synced; Bob is of another participant. */
async function cast(): Promise<Cast> {
  const world = await new World(createMemoryStore()).open();
  const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob', 'BETA')];
  await world.load(alice, 1_000n);
  await world.sync(alice);
  return { world, alice, bob };
}

/** Everything holds, whatever has happened. */
async function sound({ world }: Cast): Promise<void> {
  const { store, context, scheme } = world;
  expect(await world.supply()).toMatchObject({ balanced: true });
  const report = await audit({ store, trust: scheme.trust, verifyMany: context.verifyMany });
  expect(report.differences).toEqual([]);
}

async function loss({ world }: Cast): Promise<bigint> {
  return (await world.supply()).loss;
}

describe('a report (TS-LOS-1, TS-LOS-2)', () => {
  test('names what the horizon follows from, and revokes the purse', async () => {
    const { world, alice } = await cast();
    const syncedAt = world.now;
    world.now += 3 * DAY;
    const report = await reportLost(world, alice);
    expect(report).toMatchObject({ time: world.now, syncedAt });
    expect(horizonOf(report)).toEqual({
      offlineUntil: syncedAt + 7 * DAY,
      acceptUntil: syncedAt + 8 * DAY,
      claimUntil: syncedAt + 22 * DAY,
    });
    const row = await world.row(alice);
    expect(row).toMatchObject({ revokedAt: 2, reason: 'lost', horizon: syncedAt + 22 * DAY });
    expect(await world.revoked()).toEqual([alice.certificate.profile.statusIndex]);
    expect(report.statement).not.toBeNull();
  });

  test('counts from itself where the purse was never answered', async () => {
    const world = await new World(createMemoryStore()).open();
    const carol = await world.enrol('carol');
    world.now += 100;
    expect(await reportLost(world, carol)).toMatchObject({
      syncedAt: world.now,
      statement: null,
    });
  });

  test('counts to the hard expiry where that comes first', () => {
    const parts = { offlineSeconds: 700, acceptSeconds: 10, claimSeconds: 5 };
    const report = { ...parts, purse: new Uint8Array(8), statement: null, time: 0, syncedAt: 100 };
    expect(horizonOf({ ...report, expires: 300 })).toEqual({
      offlineUntil: 300,
      acceptUntil: 310,
      claimUntil: 315,
    });
  });

  test('is made once: again, it is the first', async () => {
    const { world, alice } = await cast();
    const first = await reportLost(world, alice);
    world.now += DAY;
    expect(await reportLost(world, alice)).toEqual(first);
  });

  test('stops loads at once, before any list says so', async () => {
    const { world, alice } = await cast();
    const windows = { offlineSeconds: 1, acceptSeconds: 1, claimSeconds: 1 };
    await recordLost({ purse: alice.id, ...windows }, world.context);
    expect((await world.row(alice)).revokedAt).toBeNull();
    const order = { purse: alice.id, payee: alice.id, amount: 5n, acceptMinutes: 60 };
    const requestDigest = new Uint8Array(32);
    expect(await recordLoad({ ...order, requestDigest }, world.context)).toMatchObject({
      error: { code: 'REVOKED' },
    });
  });

  test('counts anew when the purse syncs after it', async () => {
    const { world, alice } = await cast();
    const report = await reportLost(world, alice);
    const { claimUntil } = horizonOf(report);
    world.now += 5 * DAY;
    await world.sync(alice);
    expect((await world.row(alice)).horizon).toBe(claimUntil + 5 * DAY);
    expect(await refundAfter(world, report)).toBe(0);
    world.now += 5 * DAY;
    expect(await refundNow(world)).toBe(1);
  });
});

describe('a refund (TS-LOS-3, TS-LOS-4)', () => {
  test('gives back what has not surfaced as spent, after the horizon and once', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    bob.accept(alice.pay(bob, 300n));
    const report = await reportLost(world, alice);
    await world.sync(bob);
    world.now = horizonOf(report).claimUntil;
    expect(await refundNow(world)).toBe(0);
    expect(await refundAfter(world, report)).toBe(1);
    expect(refunds(world)).toEqual([700n]);
    expect(await refundNow(world)).toBe(0);
    expect(world.credits).toMatchObject([{ account: 'account of alice', currency: EUR }]);
    expect(await world.float(alice)).toBe(0n);
    expect(await world.supply()).toMatchObject({ reserve: 300n, balances: 300n, loss: 0n });
    await sound(all);
  });

  test('gives nothing where a thief has spent it all', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    bob.accept(alice.pay(bob, 1_000n));
    await world.sync(bob);
    expect(await refundAfter(world, await reportLost(world, alice))).toBe(0);
    expect(world.credits).toEqual([]);
    await sound(all);
  });

  test('deducts what is spent after a false report', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const report = await reportLost(world, alice);
    bob.accept(alice.pay(bob, 250n));
    await world.sync(bob);
    await refundAfter(world, report);
    expect(refunds(world)).toEqual([750n]);
    await sound(all);
  });

  test('leaves what is still open in flight, until it is closed', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const open = alice.pay(bob, 100n);
    await world.sync(alice);
    await refundAfter(world, await reportLost(world, alice));
    expect(refunds(world)).toEqual([900n]);
    expect(await world.supply()).toMatchObject({ reserve: 100n, inFlight: 100n });
    bob.adopt({ floor: world.now });
    await world.sync(bob);
    expect(await states(world, open)).toEqual(['closed', 'closed']);
    expect(await refundNow(world)).toBe(1);
    expect(refunds(world)).toEqual([900n, 100n]);
    expect(await states(world, open)).toEqual(['restored', 'closed']);
    await sound(all);
  });

  test('takes back what the payee voided; a restore in a found log adds nothing', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const torn = alice.pay(bob, 100n);
    const reason = bob.void(torn);
    await world.sync(bob);
    await refundAfter(world, await reportLost(world, alice));
    expect(refunds(world)).toEqual([1_000n]);
    alice.restore(torn, reason);
    await world.sync(alice);
    expect(await world.float(alice)).toBe(0n);
    expect((await world.row(alice)).refunds).toBe(1);
    await sound(all);
  });

  test('takes back nothing of another currency than the purse has', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const row = await world.row(bob);
    await world.store.transaction([bob.id], (tx) =>
      tx.write({ purses: [{ ...row, currency: 840 }] }),
    );
    const dollars = alice.pay(bob, 100n, 840);
    bob.void(dollars);
    await world.sync(bob);
    expect(await states(world, dollars)).toEqual(['voided', 'voided']);
    await refundAfter(world, await reportLost(world, alice));
    expect(refunds(world)).toEqual([1_000n]);
    await sound(all);
  });

  test('is made once, however many look at the same moment', async () => {
    const all = await cast();
    const { world, alice } = all;
    const report = await reportLost(world, alice);
    world.now = horizonOf(report).claimUntil + 1;
    const made = await Promise.all([1, 2, 3].map(() => refundDue(world.context)));
    await world.settle();
    expect(made.filter((each) => each > 0)).toEqual([1]);
    expect(refunds(world)).toEqual([1_000n]);
    await sound(all);
  });

  test('takes back nothing that its purse took back itself before', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const torn = alice.pay(bob, 100n);
    alice.restore(torn, bob.void(torn));
    await world.sync(bob);
    await world.sync(alice);
    await refundAfter(world, await reportLost(world, alice));
    expect(refunds(world)).toEqual([1_000n]);
    await sound(all);
  });

  test('is not made where a sync has moved the horizon on in the last moment', async () => {
    const all = await cast();
    const { world, alice } = all;
    await reportLost(world, alice);
    const found = [[alice.id], []];
    const reports = { ...world.store.reports, refundsDue: async () => found.shift() ?? [] };
    const store = { ...world.store, reports };
    expect(await refundDue({ ...world.context, store })).toBe(0);
    expect(found).toEqual([]);
    await sound(all);
  });

  test('takes back a load that the purse voided and never synced late enough to have closed', async () => {
    const all = await cast();
    const { world, alice } = all;
    alice.void(await world.issue(alice, 40n));
    await world.sync(alice);
    const report = await reportLost(world, alice);
    expect(await refundAfter(world, report)).toBe(1);
    expect(refunds(world)).toEqual([1_040n]);
    expect(await world.supply()).toMatchObject({ reserve: 0n, inFlight: 0n });
    await sound(all);
  });

  test('takes back a load that never showed; a receipt in a found log adds nothing', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const load = await world.issue(alice, 40n);
    await refundAfter(world, await reportLost(world, alice));
    expect(refunds(world)).toEqual([1_040n]);
    expect(await world.supply()).toMatchObject({ reserve: 0n, inFlight: 0n, balances: 0n });
    alice.accept(load);
    bob.accept(alice.pay(bob, 1_040n));
    await world.sync(alice);
    await world.sync(bob);
    expect(await world.float(bob)).toBe(1_040n);
    expect(await loss(all)).toBe(1_040n);
    await sound(all);
  });

  test('gives nothing while its purse is suspect', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const both = bob.pay(alice, 5n);
    alice.void(both);
    alice.accept(both);
    await world.sync(alice);
    expect((await world.row(alice)).standing).toBe('suspect');
    expect(await refundAfter(world, await reportLost(world, alice))).toBe(0);
    expect(world.credits).toEqual([]);
  });

  test('gives nothing to a culprit', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const clone = alice.copy();
    bob.accept(alice.pay(bob, 10n));
    bob.accept(clone.pay(bob, 20n));
    await world.sync(bob);
    expect((await world.row(alice)).standing).toBe('culprit');
    expect(await refundAfter(world, await reportLost(world, alice))).toBe(0);
    await sound(all);
  });
});

describe('after a refund (TS-LOS-5 to 8)', () => {
  test('a late honest claim is paid, as loss with recourse', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    bob.accept(alice.pay(bob, 300n));
    await refundAfter(world, await reportLost(world, alice));
    expect(refunds(world)).toEqual([1_000n]);
    await world.sync(bob);
    expect(await world.float(bob)).toBe(300n);
    expect(await world.supply()).toMatchObject({ reserve: 0n, loss: 300n, balances: 300n });
    const { rows } = await world.store.reports.balances('', 100);
    expect(rows.find(({ account }) => account === 'receivable')).toMatchObject({
      purse: alice.id,
      balance: 300n,
    });
    expect((await world.row(alice)).standing).toBe('sound');
    await sound(all);
  });

  test('a found device is paid nothing twice: its unload is frozen', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    await refundAfter(world, await reportLost(world, alice));
    const unload = world.unload(alice, 300n);
    await world.sync(alice);
    expect(await states(world, unload)).toEqual(['frozen', null]);
    expect(refunds(world)).toEqual([1_000n]);
    expect(world.credits).toHaveLength(1);
    expect(await loss(all)).toBe(0n);
    await sound(all);

    // Not even when a late claim has lifted the float at the fund's cost.
    for (const amount of [399n, 1n]) {
      bob.accept(alice.pay(bob, amount));
      await world.sync(bob);
    }
    expect(await states(world, unload)).toEqual(['frozen', null]);
    expect(await loss(all)).toBe(400n);
    await sound(all);
  });

  test('what a found device had received is refunded too, its unload taken back with it', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    await world.load(bob, 80n);
    const paid = bob.pay(alice, 80n);
    await world.sync(bob);
    await refundAfter(world, await reportLost(world, alice));
    alice.accept(paid);
    const unload = world.unload(alice, 1_080n);
    await world.sync(alice);
    world.now = ((await world.row(alice)).horizon ?? 0) + 1;
    expect(await refundNow(world)).toBe(1);
    expect(refunds(world)).toEqual([1_000n, 80n]);
    expect(await states(world, unload)).toEqual(['restored', null]);
    expect(await world.supply()).toMatchObject({ reserve: 0n, balances: 0n, inFlight: 0n });
    await sound(all);
  });

  test('what the fund has paid for is nothing to refund', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    await refundAfter(world, await reportLost(world, alice));
    bob.accept(alice.pay(bob, 400n));
    bob.void(alice.pay(bob, 100n));
    await world.sync(bob);
    expect(await loss(all)).toBe(500n);
    expect(await refundNow(world)).toBe(0);
    expect(refunds(world)).toEqual([1_000n]);
    await sound(all);
  });

  test('a loss is reversed when money surfaces that covers it', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    await world.load(bob, 80n);
    alice.accept(bob.pay(alice, 80n));
    bob.accept(alice.pay(bob, 130n));
    await refundAfter(world, await reportLost(world, alice));
    await world.sync(bob);
    expect(await loss(all)).toBe(130n);
    await world.sync(alice);
    expect(await loss(all)).toBe(50n);
    await sound(all);
  });

  test('more than was refunded is exposure, not loss, while nothing is proven', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    bob.accept(alice.pay(bob, 1_500n));
    await refundAfter(world, await reportLost(world, alice));
    await world.sync(bob);
    expect(await loss(all)).toBe(1_000n);
    expect(await world.float(alice)).toBe(-500n);
    await sound(all);
  });

  test('a culprit owes all of it, refunds included', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const clone = alice.copy();
    bob.accept(alice.pay(bob, 900n));
    bob.accept(clone.pay(bob, 800n));
    await refundAfter(world, await reportLost(world, alice));
    await world.sync(bob);
    expect((await world.row(alice)).standing).toBe('culprit');
    expect(await loss(all)).toBe(1_700n);
    await sound(all);
  });

  test('an acceptance under a list that already revokes it is not paid', async () => {
    const all = await cast();
    const { world, alice, bob } = all;
    const report = await reportLost(world, alice);
    bob.adopt({ listVersion: 2 });
    const late = alice.pay(bob, 60n);
    bob.accept(late);
    await world.sync(bob);
    expect(await states(world, late)).toEqual(['accepted', 'afterRevocation']);
    await refundAfter(world, report);
    expect(refunds(world)).toEqual([940n]);
    await sound(all);
  });
});
