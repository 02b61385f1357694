import {
  decodeBody,
  decodePayload,
  decodeSigned,
  loadReply,
  payment,
  requestDigest,
  toHex,
} from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import type { Device } from './testing/device.ts';
import { codeOf, equation } from './testing/outcome.ts';
import { createWorld, START, valueOf, type World } from './testing/world.ts';

describe('load (TS-PAY-12)', () => {
  test('debits the account once, and gives the same payment however often it is asked', async () => {
    const world = await createWorld();
    const ann = await world.enrol('ann', { balance: 10_000n });
    const request = ann.request(4_000n, START + 60);
    const first = valueOf(await world.backend.load(request));
    world.clock.now += 3_600;
    const replies = await Promise.all([1, 2, 3].map(() => world.backend.load(request)));
    expect(replies.map((reply) => toHex(valueOf(reply)))).toEqual(
      [1, 2, 3].map(() => toHex(first)),
    );
    expect(await world.balance('ann')).toBe(6_000n);
    expect(await equation(world)).toMatchObject({ reserve: 4_000n, inFlight: 4_000n });
    const paid = decodeSigned(decodeBody(loadReply, first).payment, requestDigest(request));
    const { payee, value } = decodePayload(paid.payload, payment, 'payment');
    expect(value).toMatchObject({ amount: 4_000n, hop: 0 });
    expect(payee).toEqual(ann.ref);
  });

  const refusals: [string, string, (device: Device, world: World) => Uint8Array][] = [
    ['more than the account holds', 'INSUFFICIENT_FUNDS', (ann) => ann.request(10_001n, START)],
    ['an open amount', 'BAD_AMOUNT', (ann) => ann.request(null, START)],
    ['a static code', 'WRONG_REQUEST', (ann) => ann.request(1n, START, true)],
    ['an expired request', 'REQUEST_EXPIRED', (ann) => ann.request(1n, START - 1)],
    ['more than its ceiling', 'OVER_BALANCE_CEILING', (ann) => ann.request(100_001n, START)],
    [
      'an expired certificate',
      'CERTIFICATE_EXPIRED',
      (ann, world) => {
        world.clock.now += world.scheme.certificateSeconds.purse;
        return ann.request(1n, world.clock.now);
      },
    ],
    [
      'a forged request',
      'BAD_SIGNATURE',
      (ann) => {
        const wire = ann.request(1n, START);
        return wire.map((byte, at) => (at === wire.length - 1 ? byte ^ 1 : byte));
      },
    ],
  ];
  test.each(refusals)('refuses %s with %s', async (_, code, make) => {
    const world = await createWorld();
    const ann = await world.enrol('ann', { balance: 10_000n });
    expect(codeOf(await world.backend.load(make(ann, world)))).toBe(code);
    expect(await world.balance('ann')).toBe(10_000n);
    expect(await equation(world)).toMatchObject({ reserve: 0n, inFlight: 0n });
  });

  test('refuses a device that nobody enrolled', async () => {
    const world = await createWorld();
    const stranger = await (await createWorld()).enrol('mallory');
    const other = stranger.request(1n, START);
    const unknown = await world.backend.load(other);
    expect(codeOf(unknown)).toBe('UNKNOWN_CERTIFICATE');
  });

  test('a load that a crash cut in two is finished at the next start', async () => {
    const store = createMemoryStore();
    let transactionsLeft = Number.POSITIVE_INFINITY;
    const fragile: Store = {
      ...store,
      transaction: (purses, work) =>
        transactionsLeft-- > 0
          ? store.transaction(purses, work)
          : Promise.reject(new Error('the process is gone')),
    };
    const world = await createWorld(fragile);
    const ann = await world.enrol('ann', { balance: 10_000n });
    const request = ann.request(4_000n, START + 60);
    // Looking whether the load exists takes one transaction, recording it the next.
    transactionsLeft = 1;
    await expect(world.backend.load(request)).rejects.toThrow('the process is gone');
    expect(await world.balance('ann')).toBe(6_000n);

    const restarted = await createWorld(store);
    expect(await equation(restarted)).toMatchObject({ reserve: 0n });
    await restarted.backend.recover();
    await restarted.backend.recover();
    expect(await restarted.balance('ann')).toBe(6_000n);
    expect(await equation(restarted)).toMatchObject({ reserve: 4_000n, inFlight: 4_000n });
    expect((await restarted.backend.load(request)).ok).toBe(true);
    expect(await restarted.balance('ann')).toBe(6_000n);
  });
});
