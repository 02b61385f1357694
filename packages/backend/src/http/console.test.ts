import { toHex } from '@tallystick/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Device } from '../service/testing/device.ts';
import { createWorld, START, type World } from '../service/testing/world.ts';
import { type Client, clientOf, codeOf, TOKEN } from './testing/client.ts';

let world: World;
let client: Client;

beforeEach(async () => {
  world = await createWorld();
  client = clientOf(world);
});

interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security?: readonly unknown[] }>>>
  >;
}

/** A payment from one to the other, which both bring in. */
async function pay(payer: Device, payee: Device, amount: bigint): Promise<string> {
  const request = payee.request(amount, START + 60);
  payee.receive(payer.pay(request, amount, { syncedAt: START }), request);
  const id = toHex(payer.entries.at(-1)?.id ?? new Uint8Array(0));
  for (const each of [payee, payer]) await world.sync(each);
  return id;
}

test('every route that says it is for operators is for nobody else', async () => {
  const { paths } = await client.read<OpenApi>('/openapi.json');
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security = [] }]) => security.length > 0)
      .map(([method]) => [method, path] as const),
  );
  expect(routes.length).toBeGreaterThan(25);
  for (const [method, path] of routes) {
    const response = await client.request(path.replace(/\{\w+\}/, '0'.repeat(16)), {
      method: method.toUpperCase(),
      headers: { cookie: `tallystick-staff=${'A'.repeat(43)}` },
    });
    expect([method, path, await codeOf(response)]).toEqual([method, path, 'UNAUTHORISED']);
  }
});

describe('the overview', () => {
  test('counts purses, their syncs, and how far the status list has spread', async () => {
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    await world.enrol('cyd');
    await world.sync(ann);
    world.clock.now += 3 * 86_400;
    await client.post('/v1/revocations', { purse: toHex(ann.ref), reason: 'stolen' });
    await world.sync(bob, { listVersion: 2 });
    expect(await client.read('/v1/overview')).toMatchObject({
      scheme: { sandbox: true, currency: 'EUR' },
      policy: { version: 1, emergency: false },
      statusList: { version: 2, revoked: 1 },
      purses: { all: 3, suspect: 0, culprit: 0, revoked: 1, lost: 0 },
      synced: { lastDay: 1, lastWeek: 1, lastMonth: 0, earlier: 0, never: 1 },
      spread: [
        { listVersion: 2, purses: 1 },
        { listVersion: 1, purses: 1 },
        { listVersion: null, purses: 1 },
      ],
      outbox: 0,
    });
  });
});

describe('search', () => {
  test('finds purses by id, certificate and account, and payments and records by id', async () => {
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    await world.load(ann, 100n);
    const payment = await pay(ann, bob, 40n);
    const find = (q: string): Promise<{ items: unknown[] }> => client.read(`/v1/search?q=${q}`);
    const id = toHex(ann.ref);
    expect(await find(id)).toEqual({ items: [{ kind: 'purse', id, purse: id, by: 'id' }] });
    expect(await find(id.toUpperCase())).toEqual(await find(id));
    expect(await find('ann')).toEqual({ items: [{ kind: 'purse', id, purse: id, by: 'account' }] });
    expect(await find(payment)).toEqual({
      items: [
        { kind: 'payment', id: payment, purse: null, by: 'id' },
        { kind: 'fact', id: payment, purse: id, by: 'id' },
      ],
    });
    expect(await find('an')).toEqual({ items: [] });
    expect(await find('00'.repeat(32))).toEqual({ items: [] });
  });

  test('finds the purse of a certificate that is not its first', async () => {
    const ann = await world.enrol('ann');
    const id = toHex(ann.ref);
    const [issuing] = await world.store.certificates([
      toHex(world.backend.authority.operator.issuing.certificate.ref),
    ]);
    // A certificate of nobody's purse is none.
    expect(await client.read(`/v1/search?q=${issuing?.ref}`)).toEqual({ items: [] });
    const row = (await world.store.certificatesOf([id]))[0];
    if (row === undefined) throw new Error('it has a certificate');
    const ref = 'ab'.repeat(8);
    await world.store.transaction([id], (tx) =>
      tx.write({ certificates: [{ ...row, ref, fromSeq: 9 }] }),
    );
    expect(await client.read(`/v1/search?q=${ref}`)).toEqual({
      items: [{ kind: 'purse', id, purse: id, by: 'certificate' }],
    });
  });

  test.each(['', ' ', 'x'.repeat(200)])('refuses %j', async (q) => {
    const path = `/v1/search?q=${encodeURIComponent(q)}`;
    const authorization = `Bearer ${TOKEN}`;
    expect(await codeOf(await client.get(path, { authorization }))).toBe('BAD_REQUEST');
  });
});

describe('statements', () => {
  test('say what a purse said of itself, newest first', async () => {
    const ann = await world.enrol('ann');
    await world.sync(ann);
    await world.sync(ann, { condition: 1, floor: START, listVersion: 1, epoch: 1 });
    const id = toHex(ann.ref);
    expect(await client.read(`/v1/purses/${id}/statements`)).toMatchObject({
      items: [
        { seq: 3, condition: 'holderLocked', floor: '2027-01-01T00:00:00Z', epoch: 1 },
        { seq: 2, condition: 'sound', floor: null, epoch: 0 },
      ],
    });
    expect(await client.read(`/v1/purses/${id}`)).toMatchObject({
      syncedAt: '2027-01-01T00:00:00Z',
      listVersion: 1,
      certificates: [{ tier: 1, measurement: 1 }],
    });
  });
});

describe('a fork', () => {
  test('is found by the digest of its proof', async () => {
    const ann = await world.enrol('ann');
    const bob = await world.enrol('bob');
    await world.load(ann, 100n);
    const clone = ann.clone();
    for (const payer of [ann, clone]) {
      const request = bob.request(100n, START);
      bob.receive(payer.pay(request, 100n, { syncedAt: START }), request);
    }
    await world.sync(bob);
    const { items } = await client.read<{ items: { digest: string }[] }>('/v1/forks');
    const [fork] = items;
    expect(fork).toBeDefined();
    expect(await client.read(`/v1/forks/${fork?.digest}`)).toEqual(fork);
    const none = await client.read<{ code: string }>(`/v1/forks/${'00'.repeat(32)}`);
    expect(none.code).toBe('NOT_FOUND');
  });
});
