import {
  checkStatusDelta,
  decodeSigned,
  decodeStatusList,
  extendKnown,
  type Known,
  LIMITS,
  NO_EXTERNAL,
  runChecking,
  STATUS_LIST_TYPE,
  type StatusDelta,
  statusIndices,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Device } from './testing/device.ts';
import { createWorld, valueOf, type World } from './testing/world.ts';

let world: World;
let devices: Device[];

beforeEach(async () => {
  world = await createWorld();
  devices = [];
  for (const name of ['ann', 'ben', 'cay', 'dan']) devices.push(await world.enrol(name));
});

async function list(): Promise<Known> {
  const options = { typ: STATUS_LIST_TYPE, maxBytes: LIMITS.listBytes + 1_024 };
  const signed = decodeSigned(await world.backend.list(), NO_EXTERNAL, options);
  const { version, bits } = decodeStatusList(signed.payload);
  return { version, revoked: statusIndices(bits) };
}

/** A delta that the operator's key has signed. */
function checked(wire: Uint8Array): StatusDelta {
  const { certificate } = world.backend.authority.operator.issuing;
  return runChecking(checkStatusDelta(wire, certificate), softwareVerify);
}

async function revoke(index: number): Promise<Known> {
  valueOf(await world.backend.revoke(toHex(devices[index]!.ref), 'stolen'));
  return list();
}

describe('deltas of the status list (TS-LST-6)', () => {
  test('lead from every version to the newest', async () => {
    const lists = [await list(), await revoke(2), await revoke(0), await revoke(3)];
    const newest = lists.at(-1)!;
    for (const before of lists.slice(0, -1)) {
      const { isDelta, wire } = await world.backend.listSince(before.version);
      expect(isDelta).toBe(true);
      const known = extendKnown(before, checked(wire));
      expect(known).toEqual({ version: newest.version, revoked: newest.revoked });
    }
    const { isDelta, wire } = await world.backend.listSince(newest.version);
    expect(isDelta).toBe(false);
    expect(wire).toEqual(await world.backend.list());
  });

  test('name nothing where only time has passed', async () => {
    const before = await revoke(1);
    world.clock.now += 86_400;
    const delta = checked((await world.backend.listSince(before.version)).wire);
    expect(delta).toEqual({
      base: before.version,
      version: before.version + 1,
      issuedAt: world.clock.now,
      revoked: [],
    });
  });

  test('are signed once, whoever asks, until there is a newer list', async () => {
    const { version } = await list();
    await revoke(1);
    const first = await world.backend.listSince(version);
    expect(await world.backend.listSince(version)).toEqual(first);
    await revoke(2);
    expect((await world.backend.listSince(version)).wire).not.toEqual(first.wire);
  });

  test('with little room carry the newest, from a later base (TS-LST-9)', async () => {
    const first = await list();
    const lists = [await revoke(0), await revoke(1), await revoke(2), await revoke(3)];
    const whole = checked((await world.backend.newestRevocations(first.version, 294))!);
    expect(whole).toMatchObject({ base: first.version, revoked: lists.at(-1)!.revoked });
    const sizes: number[] = [];
    for (let bytesMax = 140; bytesMax > 80; bytesMax--) {
      const wire = await world.backend.newestRevocations(first.version, bytesMax);
      if (wire === null) break;
      expect(wire.length).toBeLessThanOrEqual(bytesMax);
      const delta = checked(wire);
      sizes.push(delta.revoked.length);
      const base = [first, ...lists].find(({ version }) => version === delta.base)!;
      const { version, revoked } = lists.at(-1)!;
      expect(extendKnown(base, delta)).toEqual({ version, revoked });
    }
    expect(new Set(sizes).size).toBeGreaterThan(2);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(await world.backend.newestRevocations(lists.at(-1)!.version, 294)).toBeNull();
  });
});
