import { toHex } from '@tallystick/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Device } from '../service/testing/device.ts';
import { createWorld, START, type World } from '../service/testing/world.ts';
import { toInstant } from './money.ts';
import { type Client, clientOf, codeOf } from './testing/client.ts';

const DAY = 86_400;
let world: World;
let client: Client;
let ann: Device;
let id: string;

beforeEach(async () => {
  world = await createWorld();
  client = clientOf(world);
  ann = await world.enrol('ann', { balance: 500n });
  id = toHex(ann.ref);
  await world.load(ann, 500n);
  await world.sync(ann);
});

describe('POST /v1/lost-reports', () => {
  test('reports a device lost and shows its horizon with its three parts', async () => {
    world.clock.now += 60;
    const response = await client.post('/v1/lost-reports', { purse: id });
    expect(response.status).toBe(201);
    const shown = await response.json();
    expect(shown).toEqual({
      purse: id,
      participant: 'ALPHSESS',
      account: 'ann',
      reportedAt: toInstant(START + 60),
      syncedAt: toInstant(START),
      offlineUntil: toInstant(START + 21 * DAY),
      acceptUntil: toInstant(START + 22 * DAY),
      claimUntil: toInstant(START + 36 * DAY),
      horizon: toInstant(START + 36 * DAY),
      revokedAt: 2,
      standing: 'sound',
      refunds: 0,
      refunded: { amount: '0', currency: 'EUR' },
    });
    expect(await client.read(`/v1/lost-reports/${id}`)).toEqual(shown);
    expect(await client.read('/v1/lost-reports')).toEqual({ items: [shown], next: null });
    expect(await client.read(`/v1/purses/${id}`)).toMatchObject({
      reason: 'lost',
      horizon: toInstant(START + 36 * DAY),
    });
  });

  test('gives the first response again under one key, and refuses the key to another', async () => {
    const headers = { 'idempotency-key': 'a-loss' };
    const first = await client.post('/v1/lost-reports', { purse: id }, headers);
    const again = await client.post('/v1/lost-reports', { purse: id }, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
    const other = await client.post('/v1/lost-reports', { purse: '00'.repeat(8) }, headers);
    expect(await codeOf(other)).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('refuses what is no purse, and strangers', async () => {
    const unknown = await client.post('/v1/lost-reports', { purse: '00'.repeat(8) });
    expect(await codeOf(unknown)).toBe('UNKNOWN_PURSE');
    const none = await client.post('/v1/lost-reports', { purse: 'zz' });
    expect(await codeOf(none)).toBe('BAD_REQUEST');
    const authorization = 'Bearer wrong';
    const stranger = await client.post('/v1/lost-reports', { purse: id }, { authorization });
    expect(await codeOf(stranger)).toBe('UNAUTHORISED');
    const sound = await client.request(`/v1/lost-reports/${id}`, {
      headers: { authorization: 'Bearer operator-token-of-a-test' },
    });
    expect(await codeOf(sound)).toBe('UNKNOWN_PURSE');
  });
});

test.each(['/v1/refunds', '/v1/audits'])('POST %s needs the token', async (path) => {
  expect(await codeOf(await client.post(path, {}, { authorization: 'Bearer no' }))).toBe(
    'UNAUTHORISED',
  );
});

test('POST /v1/refunds refunds what is due, and what came of it is shown', async () => {
  await client.post('/v1/lost-reports', { purse: id });
  expect(await (await client.post('/v1/refunds', {})).json()).toEqual({ refunds: 0 });
  world.clock.now = START + 36 * DAY + 1;
  expect(await (await client.post('/v1/refunds', {})).json()).toEqual({ refunds: 1 });
  expect(await client.read(`/v1/lost-reports/${id}`)).toMatchObject({
    refunds: 1,
    refunded: { amount: '500', currency: 'EUR' },
  });
  expect(await world.balance('ann')).toBe(500n);
});
