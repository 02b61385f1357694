import { checkPolicy, runChecking } from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { beforeEach, describe, expect, test } from 'vitest';
import { createWorld, START, type World } from '../service/testing/world.ts';
import { toInstant } from './money.ts';
import { type Client, clientOf, codeOf } from './testing/client.ts';

let world: World;
let client: Client;

beforeEach(async () => {
  world = await createWorld();
  client = clientOf(world);
});

const switchTo = async (on: boolean, headers = {}): Promise<unknown> =>
  (await client.post('/v1/emergency', { on }, headers)).json();

describe('the emergency mode', () => {
  test('is switched by a policy that the root signs, on and off', async () => {
    expect(await client.read('/v1/emergency')).toMatchObject({ on: false, policyVersion: 1 });
    world.clock.now += 50;
    const on = { on: true, policyVersion: 2, issuedAt: toInstant(START + 50) };
    expect(await switchTo(true)).toEqual(on);
    expect(await switchTo(true)).toEqual(on);
    expect(await client.read('/v1/emergency')).toEqual(on);

    const published = new Uint8Array(await (await client.get('/v1/policy')).arrayBuffer());
    const { scheme, backend } = world;
    const policy = runChecking(checkPolicy(published, backend.authority.anchor), softwareVerify);
    expect(policy).toMatchObject({
      emergency: true,
      staleSeconds: scheme.emergency.staleSeconds,
    });
    const [first] = policy.tiers;
    const caps = { paymentMax: 5_000n, balanceMax: 100_000n, payerCap: 15_000n };
    expect(first).toMatchObject({ tier: 1, ...caps });
    expect(await switchTo(false)).toMatchObject({ on: false, policyVersion: 3 });
    expect(world.backend.authority.policy.value).toMatchObject({
      emergency: false,
      staleSeconds: scheme.staleSeconds,
    });
    expect(world.backend.authority.policy.value.tiers[0]?.paymentMax).toBe(20_000n);
  });

  test('comes to a device with its next sync', async () => {
    const ann = await world.enrol('ann');
    await world.load(ann, 100n);
    expect((await world.sync(ann)).policy).toBeNull();
    await switchTo(true);
    expect((await world.sync(ann)).policy).toEqual(world.backend.authority.policy.wire);
  });

  test('is switched once under one key, and by nobody without the token', async () => {
    const headers = { 'idempotency-key': 'storm' };
    const first = await switchTo(true, headers);
    await switchTo(false);
    expect(await switchTo(true, headers)).toEqual(first);
    expect(world.backend.authority.policy.value.emergency).toBe(false);
    const stranger = { authorization: 'Bearer wrong' };
    expect(await codeOf(await client.post('/v1/emergency', { on: true }, stranger))).toBe(
      'UNAUTHORISED',
    );
    const authorization = '';
    expect(await codeOf(await client.get('/v1/emergency', { authorization }))).toBe('UNAUTHORISED');
    expect(await codeOf(await client.post('/v1/emergency', { on: 1 }))).toBe('BAD_REQUEST');
  });
});
