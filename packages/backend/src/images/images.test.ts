import {
  checkPolicy,
  decodePurseCertificate,
  ES256,
  LIMITS,
  type Measurement,
  NO_END,
  type Policy,
  runChecking,
  sha256,
  type SignedImage,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { beforeEach, describe, expect, test } from 'vitest';
import { Device, IMAGE_CODE } from '../service/testing/device.ts';
import { codeOf } from '../service/testing/outcome.ts';
import { createWorld, START, valueOf, type World } from '../service/testing/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import { measurementRows, type RegisteredImage } from './registry.ts';
import { codeOfVersion, imageOf, PUBLISHER } from './testing/publisher.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld(createMemoryStore(), { publisher: PUBLISHER });
});

const publish = (image: SignedImage): ReturnType<World['backend']['publishImage']> =>
  world.backend.publishImage(image);

function policy(): Policy {
  const { anchor, policy: signed } = world.backend.authority;
  return runChecking(checkPolicy(signed.wire, anchor), softwareVerify);
}

const rows = (): [number, number][] =>
  policy().measurements.map(({ index, acceptedUntil }) => [index, acceptedUntil]);

describe('the registry of images (TS-IMG-5)', () => {
  test('is empty at first, and then nobody enrols', async () => {
    expect(rows()).toEqual([]);
    expect(await world.backend.offeredImage()).toBeNull();
    await expect(world.enrol('ann')).rejects.toThrow('MEASUREMENT_REFUSED');
  });

  test('has the root list the newest image without an end, and its forerunner with one', async () => {
    valueOf(await publish(imageOf(1)));
    expect(rows()).toEqual([[1, NO_END]]);
    expect(policy().version).toBe(2);
    world.clock.now += 1_000;
    const second = valueOf(await publish(imageOf(2)));
    const end = START + 1_000 + world.scheme.supersededSeconds;
    expect(rows()).toEqual([
      [1, end],
      [2, NO_END],
    ]);
    expect(policy().version).toBe(3);
    world.clock.now += 1_000;
    valueOf(await publish(imageOf(7)));
    expect(rows()).toEqual([
      [1, end],
      [2, end + 1_000],
      [7, NO_END],
    ]);
    expect((await world.backend.offeredImage())?.version).toBe(7);
    expect(await world.backend.imageCode(second.sha256)).toEqual(codeOfVersion(2));
  });

  test('takes one image again and changes nothing', async () => {
    const first = valueOf(await publish(imageOf(3)));
    world.clock.now += 50;
    expect(valueOf(await publish(imageOf(3)))).toEqual(first);
    expect(policy().version).toBe(2);
  });

  const later = codeOfVersion(9);
  test.each<[string, () => SignedImage, string]>([
    ['an older version', () => imageOf(2), 'IMAGE_DOWNGRADE'],
    ['another image of the newest version', () => imageOf(3, later), 'IMAGE_DOWNGRADE'],
    [
      'other code than the manifest names',
      () => ({ ...imageOf(9), code: later.slice(1) }),
      'IMAGE_DIFFERS',
    ],
    ['a manifest of another publisher', () => imageOf(9, later, sha256(later)), 'BAD_SIGNATURE'],
    ['no manifest', () => ({ manifest: later, code: later }), 'MISSING_FIELD'],
  ])('refuses %s', async (_, image, code) => {
    valueOf(await publish(imageOf(3)));
    expect(codeOf(await publish(image()))).toBe(code);
    expect(rows()).toEqual([[3, NO_END]]);
    expect(policy().version).toBe(2);
  });

  test('withdraws an image for good; its forerunner stands without an end again', async () => {
    for (const version of [1, 2]) valueOf(await publish(imageOf(version)));
    const withdrawn = valueOf(await world.backend.withdrawImage(2));
    expect(withdrawn.withdrawnAt).toBe(START);
    expect(rows()).toEqual([[1, NO_END]]);
    expect((await world.backend.offeredImage())?.version).toBe(1);
    const { version } = policy();
    world.clock.now += 5;
    expect(valueOf(await world.backend.withdrawImage(2))).toEqual(withdrawn);
    expect(policy().version).toBe(version);
    // A version that was withdrawn does not come back under its own number.
    expect(codeOf(await publish(imageOf(2, later)))).toBe('IMAGE_DOWNGRADE');
    valueOf(await publish(imageOf(3)));
    expect(rows()).toEqual([
      [1, START + 5 + world.scheme.supersededSeconds],
      [3, NO_END],
    ]);
    expect(codeOf(await world.backend.withdrawImage(8))).toBe('UNKNOWN_IMAGE');
  });

  test('is found again by another process, policy and all', async () => {
    const store = createMemoryStore();
    const one = await createWorld(store, { publisher: PUBLISHER });
    valueOf(await one.backend.publishImage(imageOf(4)));
    const other = await createWorld(store, { publisher: PUBLISHER });
    expect(await other.backend.images()).toEqual(await one.backend.images());
    expect(other.backend.authority.policy.wire).toEqual(one.backend.authority.policy.wire);
  });

  test('lists the newest when there are more than a policy holds', () => {
    const images = Array.from({ length: LIMITS.measurements + 5 }, (_, at): RegisteredImage => {
      const version = at + 1;
      const fixed = { wire: new Uint8Array(0), withdrawnAt: null };
      return { version, size: 1, sha256: new Uint8Array(32), registeredAt: START + at, ...fixed };
    });
    const listed: readonly Measurement[] = measurementRows(images, 10);
    expect(listed.length).toBe(LIMITS.measurements);
    expect(listed.at(-1)).toMatchObject({ index: images.length, acceptedUntil: NO_END });
    expect(listed[0]?.index).toBe(6);
  });
});

describe('the image that devices are offered (TS-IMG-6)', () => {
  const LEAD = 86_400;
  const offered = async (): Promise<number | undefined> =>
    (await world.backend.offeredImage())?.version;

  beforeEach(async () => {
    world = await createWorld(createMemoryStore(), { publisher: PUBLISHER, leadSeconds: LEAD });
    valueOf(await publish(imageOf(1)));
  });

  test('is the newest that payees have had time to hear of', async () => {
    expect(await offered()).toBe(1);
    world.clock.now += 10;
    valueOf(await publish(imageOf(2)));
    world.clock.now += 10;
    valueOf(await publish(imageOf(3)));
    expect(await offered()).toBe(1);
    world.clock.now += LEAD - 10;
    expect(await offered()).toBe(2);
    world.clock.now += 9;
    expect(await offered()).toBe(2);
    world.clock.now += 1;
    expect(await offered()).toBe(3);
  });

  test('is the newest at once when what is in use has been withdrawn', async () => {
    valueOf(await publish(imageOf(2)));
    valueOf(await world.backend.withdrawImage(1));
    expect(await offered()).toBe(2);
    valueOf(await world.backend.withdrawImage(2));
    expect(await offered()).toBeUndefined();
  });
});

describe('a purse and the images of its scheme (TS-IMG-6)', () => {
  beforeEach(async () => {
    valueOf(await publish(imageOf(1, IMAGE_CODE)));
  });

  async function renew(name: string, version: number): Promise<string> {
    const device = await world.enrol(name);
    device.measurement = sha256(version === 1 ? IMAGE_CODE : codeOfVersion(version));
    const renewed = await world.backend.renew(device.renew(world.backend.challenge(), ES256));
    if (!renewed.ok) return renewed.error.code;
    return `measurement ${decodePurseCertificate(renewed.value).profile.measurement}`;
  }

  test('its certificate names the image it runs; renewed, the newer one', async () => {
    const ann = await world.enrol('ann');
    expect(decodePurseCertificate(ann.certificate).profile.measurement).toBe(1);
    valueOf(await publish(imageOf(2)));
    expect(await renew('bo', 1)).toBe('measurement 1');
    expect(await renew('cy', 2)).toBe('measurement 2');
    expect(await renew('di', 3)).toBe('MEASUREMENT_REFUSED');
  });

  test('it gets no certificate for an image whose time is over, or that was withdrawn', async () => {
    valueOf(await publish(imageOf(2)));
    world.clock.now += world.scheme.supersededSeconds;
    expect(await renew('ann', 1)).toBe('measurement 1');
    world.clock.now += 1;
    await expect(world.enrol('bo')).rejects.toThrow(
      'MEASUREMENT_REFUSED: the certificate names a trusted application that is refused: version 1 is too old',
    );
    valueOf(await world.backend.withdrawImage(1));
    await expect(world.enrol('cy')).rejects.toThrow('no image of this scheme, or was withdrawn');
  });

  test('it never goes back to an older image (TS-CRT-10)', async () => {
    const ann = await world.enrol('ann');
    valueOf(await publish(imageOf(2)));
    ann.measurement = sha256(codeOfVersion(2));
    const renewal = ann.renew(world.backend.challenge(), ES256);
    ann.adoptRenewal(valueOf(await world.backend.renew(renewal)));
    ann.measurement = sha256(IMAGE_CODE);
    const back = await world.backend.renew(ann.renew(world.backend.challenge(), ES256));
    expect(codeOf(back)).toBe('MEASUREMENT_DOWNGRADE');
  });

  test('its money comes home when its image is withdrawn (INV-REDEEM)', async () => {
    const ann = await world.enrol('ann');
    await world.load(ann, 700n);
    valueOf(await world.backend.withdrawImage(1));
    const unload = ann.welcome?.unloadCode ?? new Uint8Array(0);
    const before = await world.balance('ann');
    ann.pay(unload, 700n, { syncedAt: START });
    expect((await world.sync(ann)).refused).toEqual([]);
    expect(await world.balance('ann')).toBe(before + 700n);
  });
});

describe('a sandbox', () => {
  test('publishes the image it is started with, as the next version where it is another', async () => {
    const store = createMemoryStore();
    const start = async (version: number): Promise<[number, string][]> => {
      const { backend } = await createWorld(store, {}, codeOfVersion(version));
      const images = await backend.images();
      return images.map((image) => [image.version, toHex(image.sha256).slice(0, 4)]);
    };
    const [a, b] = [1, 2].map((version) => toHex(sha256(codeOfVersion(version))).slice(0, 4));
    expect(await start(1)).toEqual([[1, a]]);
    expect(await start(1)).toEqual([[1, a]]);
    expect(await start(2)).toEqual([
      [1, a],
      [2, b],
    ]);
    // Back to older sources: yet another version, since devices never go back.
    expect(await start(1)).toEqual([
      [1, a],
      [2, b],
      [3, a],
    ]);
    const again = await createWorld(store, {}, codeOfVersion(1));
    const device = new Device('ann');
    device.measurement = sha256(codeOfVersion(1));
    const account = { participant: 'ALPHSESS', account: 'ann', currency: 978, balance: 0n };
    valueOf(await again.backend.rail.open({ ...account, acceptancePoint: null }));
    const request = device.enrolmentRequest(again.backend.challenge(), 'ALPHSESS', 'ann');
    device.personalise(valueOf(await again.backend.enrol(request)));
    expect(decodePurseCertificate(device.certificate).profile.measurement).toBe(3);
  });
});
