import { horizonOf, toHex } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { createTimely } from './timely.ts';
import { createWorld, START, valueOf, type World } from './testing/world.ts';
import type { Device } from './testing/device.ts';

const DAY = 86_400;

async function withMoney(): Promise<{ world: World; ann: Device; id: string }> {
  const world = await createWorld();
  const ann = await world.enrol('ann', { balance: 10_000n });
  await world.load(ann, 6_000n);
  await world.sync(ann);
  return { world, ann, id: toHex(ann.ref) };
}

async function whole({ backend }: World): Promise<unknown> {
  return (await backend.supply()).find(({ participant }) => participant === null);
}

describe('a lost device', () => {
  test('is revoked at once, and has its horizon from policy and scheme', async () => {
    const { world, id } = await withMoney();
    world.clock.now += DAY;
    const { purse, report } = valueOf(await world.backend.reportLost(id));
    expect(purse).toMatchObject({ revokedAt: 2, reason: 'lost' });
    const { emergency, acceptMinutes, claimSeconds } = world.scheme;
    const { staleSeconds } = emergency;
    expect(horizonOf(report)).toEqual({
      offlineUntil: START + staleSeconds,
      acceptUntil: START + staleSeconds + acceptMinutes * 60,
      claimUntil: START + staleSeconds + acceptMinutes * 60 + claimSeconds,
    });
    expect(await world.backend.reportLost(toHex(new Uint8Array(8)))).toMatchObject({
      error: { code: 'UNKNOWN_PURSE' },
    });
  });

  test('is neither loaded nor renewed any more', async () => {
    const { world, ann, id } = await withMoney();
    valueOf(await world.backend.reportLost(id));
    const request = ann.request(100n, world.clock.now + 60);
    expect(await world.backend.load(request)).toMatchObject({ error: { code: 'REVOKED' } });
    const renewal = ann.renew(world.backend.challenge(), ann.alg);
    expect(await world.backend.renew(renewal)).toMatchObject({ error: { code: 'REVOKED' } });
    expect(await world.balance('ann')).toBe(4_000n);
  });

  test('has its rest credited to its account once, by whatever asks for something then', async () => {
    const { world, id } = await withMoney();
    const { purse } = valueOf(await world.backend.reportLost(id));
    world.clock.now = purse.horizon ?? 0;
    await world.backend.list();
    expect(await world.balance('ann')).toBe(4_000n);
    world.clock.now += 61;
    await world.backend.list();
    expect(await world.balance('ann')).toBe(10_000n);
    world.clock.now += 61;
    await world.backend.list();
    expect(await world.backend.refundLost()).toBe(0);
    expect(await world.balance('ann')).toBe(10_000n);
    expect(await whole(world)).toMatchObject({ reserve: 0n, balances: 0n, balanced: true });
    expect((await world.backend.audit()).differences).toEqual([]);
    expect(world.failures).toEqual([]);
  });

  test('has it after a restart that came between the decision and the credit', async () => {
    const { world, id } = await withMoney();
    const { purse } = valueOf(await world.backend.reportLost(id));
    world.clock.now = (purse.horizon ?? 0) + 1;
    const rail = { ...world.backend.rail };
    Object.assign(world.backend.rail, {
      credit: () => Promise.reject(new Error('the power is out')),
    });
    await world.backend.refundLost();
    expect(world.failures).toMatchObject([{ message: 'the power is out' }]);
    expect(await world.balance('ann')).toBe(4_000n);
    Object.assign(world.backend.rail, rail);
    await world.backend.recover();
    expect(await world.balance('ann')).toBe(10_000n);
    await world.backend.recover();
    expect(await world.balance('ann')).toBe(10_000n);
  });
});

describe('what time makes due', () => {
  test('is looked at once a minute, and again after a failure', async () => {
    let [now, looks] = [0, 0];
    const failures: unknown[] = [];
    const timely = createTimely(
      () => now,
      async () => {
        looks += 1;
        if (looks === 1) throw new Error('no database');
      },
      (error) => failures.push(error),
    );
    await timely();
    await timely();
    now = 59;
    await timely();
    expect(looks).toBe(1);
    expect(failures).toMatchObject([{ message: 'no database' }]);
    now = 60;
    await timely();
    expect(looks).toBe(2);
    expect(failures).toHaveLength(1);
  });
});
