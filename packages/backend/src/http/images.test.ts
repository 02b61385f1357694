import {
  decodePayload,
  decodeSigned,
  encodeSignedImage,
  imageManifest,
  sha256,
  type SignedImage,
  toHex,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { imageOf, PUBLISHER } from '../images/testing/publisher.ts';
import { createWorld, START, type World } from '../service/testing/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import { toInstant } from './money.ts';
import { type Client, clientOf, codeOf, TOKEN } from './testing/client.ts';

let world: World;
let client: Client;

beforeEach(async () => {
  world = await createWorld(createMemoryStore(), { publisher: PUBLISHER });
  client = clientOf(world);
});

const operator = { authorization: `Bearer ${TOKEN}` };
const register = (image: SignedImage, headers = operator): Promise<Response> =>
  client.send('/v1/images', encodeSignedImage(image), headers);
const bytesAt = async (path: string): Promise<Uint8Array> =>
  new Uint8Array(await (await client.get(path)).arrayBuffer());

describe('images over HTTP (TS-IMG-5, TS-IMG-6)', () => {
  test('what an operator registers, devices fetch', async () => {
    expect(await codeOf(await client.get('/v1/image'))).toBe('NOT_FOUND');
    const image = imageOf(1);
    const registered = await register(image);
    expect(registered.status).toBe(201);
    const view = {
      version: 1,
      sha256: toHex(sha256(image.code)),
      size: image.code.length,
      state: 'newest',
      registeredAt: toInstant(START),
      acceptedUntil: null,
    };
    expect(await registered.json()).toEqual(view);
    expect(await client.read('/v1/images')).toEqual({ items: [view] });

    const manifest = await bytesAt('/v1/image');
    expect(manifest).toEqual(image.manifest);
    const named = decodePayload(decodeSigned(manifest).payload, imageManifest, 'manifest').sha256;
    const code = await client.get(`/v1/image/${toHex(named)}`);
    expect(code.headers.get('cache-control')).toContain('immutable');
    expect(new Uint8Array(await code.arrayBuffer())).toEqual(image.code);
    expect(await codeOf(await client.get(`/v1/image/${'0'.repeat(64)}`))).toBe('NOT_FOUND');
    expect(await codeOf(await client.get('/v1/image/xyz'))).toBe('BAD_REQUEST');
  });

  test('a successor and a withdrawal show in the list', async () => {
    for (const version of [1, 2, 3]) await register(imageOf(version));
    const { supersededSeconds } = world.scheme;
    const states = async (): Promise<unknown> => {
      const { items } = await client.read<{ items: { state: string; acceptedUntil: unknown }[] }>(
        '/v1/images',
      );
      return items.map(({ state, acceptedUntil }) => [state, acceptedUntil]);
    };
    const end = toInstant(START + supersededSeconds);
    expect(await states()).toEqual([
      ['superseded', end],
      ['superseded', end],
      ['newest', null],
    ]);
    const withdrawn = await client.post('/v1/image-withdrawals', { version: 3 });
    expect(withdrawn.status).toBe(201);
    expect(await withdrawn.json()).toMatchObject({ version: 3, state: 'withdrawn' });
    expect(await states()).toEqual([
      ['superseded', end],
      ['newest', null],
      ['withdrawn', null],
    ]);
    expect(await bytesAt('/v1/image')).toEqual(imageOf(2).manifest);
    const none = await client.post('/v1/image-withdrawals', { version: 9 });
    expect([none.status, await codeOf(none)]).toEqual([404, 'UNKNOWN_IMAGE']);
  });

  test('what is refused is refused with a code and a status', async () => {
    await register(imageOf(2));
    const older = await register(imageOf(1));
    expect([older.status, await codeOf(older)]).toEqual([409, 'IMAGE_DOWNGRADE']);
    const differs = await register({ ...imageOf(3), code: Uint8Array.of(1) });
    expect([differs.status, await codeOf(differs)]).toEqual([422, 'IMAGE_DIFFERS']);
    const broken = await client.send('/v1/images', Uint8Array.of(0x82), operator);
    expect([broken.status, await codeOf(broken)]).toEqual([400, 'MALFORMED']);
  });

  test('only operators register, withdraw and list', async () => {
    const stranger = { authorization: 'Bearer wrong' };
    expect(await codeOf(await register(imageOf(1), stranger))).toBe('UNAUTHORISED');
    expect(await codeOf(await client.get('/v1/images', stranger))).toBe('UNAUTHORISED');
    const wish = { version: 1 };
    expect(await codeOf(await client.post('/v1/image-withdrawals', wish, stranger))).toBe(
      'UNAUTHORISED',
    );
    expect(await world.backend.images()).toEqual([]);
  });
});
