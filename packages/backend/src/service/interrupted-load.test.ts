import { expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import { createWorld, START, valueOf, type World } from './testing/world.ts';

/** A store that refuses transactions while its disk is full. */
function fillable(): { readonly store: Store; readonly disk: { transactionsLeft: number } } {
  const store = createMemoryStore();
  const disk = { transactionsLeft: Number.POSITIVE_INFINITY };
  return {
    disk,
    store: {
      ...store,
      transaction: (purses, work) =>
        disk.transactionsLeft-- > 0
          ? store.transaction(purses, work)
          : Promise.reject(new Error('no space is left on the disk')),
    },
  };
}

async function reserveOf({ backend }: World): Promise<bigint | undefined> {
  return (await backend.supply()).find(({ participant }) => participant === null)?.reserve;
}

/** Ann's account is debited, and then the disk is full before the load is recorded. */
async function cutInTwo(): Promise<{ world: World; request: Uint8Array; sync: Uint8Array }> {
  const { store, disk } = fillable();
  const world = await createWorld(store);
  const ann = await world.enrol('ann', { balance: 10_000n });
  const request = ann.request(4_000n, START + 60);
  // Looking whether the load exists takes one transaction, recording it the next.
  disk.transactionsLeft = 1;
  await expect(world.backend.load(request)).rejects.toThrow('no space is left');
  disk.transactionsLeft = Number.POSITIVE_INFINITY;
  expect(await world.balance('ann')).toBe(6_000n);
  return { world, request, sync: ann.upload() };
}

test('a load that a full disk cut in two is finished with the next request of anybody', async () => {
  const { world, sync } = await cutInTwo();
  valueOf(await world.backend.sync(sync));
  expect(await world.balance('ann')).toBe(6_000n);
  expect(await reserveOf(world)).toBe(4_000n);
});

test('and is given to its purse, although its request has expired by then', async () => {
  const { world, request } = await cutInTwo();
  world.clock.now = START + 86_400;
  valueOf(await world.backend.load(request));
  expect(await world.balance('ann')).toBe(6_000n);
  expect(await reserveOf(world)).toBe(4_000n);
});
