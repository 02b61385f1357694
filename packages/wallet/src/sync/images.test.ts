import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  decodePurseCertificate,
  encodeCbor,
  encodeSigned,
  ES256,
  NO_END,
  sha256,
  toBeSigned,
  toHex,
  unsignedManifest,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSign } from '@tallystick/protocol/software';
import { TEST_MEASUREMENT } from '@tallystick/trusted-app/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { Customer, demandOk } from '../testing/customer.ts';
import { DAY, START, statusOf } from '../testing/world.ts';
import { platformTimer } from '../timer.ts';
import { fetchImage } from './images.ts';

const NEWER = sha256(encodeCbor('a newer image'));

async function measurementOf({ device }: Customer): Promise<number> {
  const { certificate } = await statusOf(device);
  return decodePurseCertificate(certificate).profile.measurement;
}

/** The scheme's next policy: its first image until then, and a newer one without an end. */
function supersede({ world: { backend } }: Customer, until: number): void {
  backend.policyVersion += 1;
  backend.measurements = [
    { index: 1, sha256: TEST_MEASUREMENT, acceptedUntil: until },
    { index: 2, sha256: NEWER, acceptedUntil: NO_END },
  ];
}

describe('a wallet whose image has a successor (TS-IMG-6)', () => {
  test('says by when to update; updated, it renews its certificate at the next sync', async () => {
    const ada = await Customer.with('ada', 100n);
    ada.world.backend.policyVersion += 1;
    ada.world.backend.measurements = [
      { index: 1, sha256: TEST_MEASUREMENT, acceptedUntil: NO_END },
    ];
    expect(demandOk(await ada.wallet.sync())).toMatchObject({ updateBy: null, renewed: false });
    supersede(ada, START + 9 * DAY);
    const told = demandOk(await ada.wallet.sync());
    expect(told).toMatchObject({ updateBy: START + 9 * DAY, renewed: false, problems: [] });
    expect(await measurementOf(ada)).toBe(1);

    ada.device.image = NEWER;
    ada.restart();
    expect(await measurementOf(ada)).toBe(1);
    const updated = demandOk(await ada.wallet.sync());
    expect(updated).toMatchObject({ updateBy: null, renewed: true, problems: [] });
    expect(await measurementOf(ada)).toBe(2);
    expect(demandOk(await ada.wallet.sync()).renewed).toBe(false);
    demandOk(await ada.wallet.redeemAll());
    expect(ada.world.backend.ledger.reserve).toBe(0n);
  });

  test('says so when its image is not accepted any more, and still brings its money home', async () => {
    const ada = await Customer.with('ada', 100n);
    ada.world.backend.policyVersion += 1;
    ada.world.backend.measurements = [{ index: 2, sha256: NEWER, acceptedUntil: NO_END }];
    expect(demandOk(await ada.wallet.sync())).toMatchObject({ updateBy: 0, renewed: false });
    demandOk(await ada.wallet.redeemAll());
    expect(ada.world.backend.ledger.reserve).toBe(0n);
  });

  test('an image that the policy does not know yet renews nothing', async () => {
    const ada = await Customer.with('ada', 100n);
    ada.device.image = NEWER;
    ada.restart();
    expect(demandOk(await ada.wallet.sync())).toMatchObject({ updateBy: 0, renewed: false });
    supersede(ada, START + DAY);
    expect(demandOk(await ada.wallet.sync())).toMatchObject({ updateBy: null, renewed: true });
  });
});

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

const code = new TextEncoder().encode('var tallystick = {};');
const secret = sha256(encodeCbor('publisher'));
const publisher = softwarePublicKey(ES256, secret);
const message = unsignedManifest(
  { version: 1, size: code.length, sha256: sha256(code) },
  publisher,
);
const manifest = encodeSigned({
  ...message,
  signature: softwareSign(ES256, secret, toBeSigned(message)),
});

/** Serves documents on a free loopback port until the test is over; fetches the image from there. */
async function fetchFrom(
  documents: Readonly<Record<string, Uint8Array>>,
): ReturnType<typeof fetchImage> {
  const server = createServer(({ url = '' }, response) => {
    const found = documents[url];
    if (found !== undefined) return response.end(found);
    response.writeHead(404, { 'Content-Type': 'application/problem+json' });
    return response.end(JSON.stringify({ code: 'NOT_FOUND', detail: 'nothing here' }));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const timer = platformTimer({ nowMs: () => 0, setTimeout, clearTimeout });
  return fetchImage({ baseUrl, fetch, timer });
}

describe('fetching the newest image', () => {
  const place = `/v1/image/${toHex(sha256(code))}`;

  test('gives manifest and code as they were published', async () => {
    const fetched = await fetchFrom({ '/v1/image': manifest, [place]: code });
    expect(fetched).toEqual({ ok: true, value: { manifest, code } });
  });

  test.each<[string, Record<string, Uint8Array>, string]>([
    ['there is none', {}, 'BACKEND_REFUSED'],
    ['its code is not there', { '/v1/image': manifest }, 'BACKEND_REFUSED'],
    ['its manifest does not read', { '/v1/image': code }, 'BACKEND_UNREACHABLE'],
    [
      'its code came short',
      { '/v1/image': manifest, [place]: code.slice(1) },
      'BACKEND_UNREACHABLE',
    ],
    [
      'its code was changed on the way',
      { '/v1/image': manifest, [place]: code.with(0, 0x56) },
      'BACKEND_UNREACHABLE',
    ],
  ])('says so where %s', async (_, documents, expected) => {
    expect(await fetchFrom(documents)).toMatchObject({ ok: false, error: { code: expected } });
  });
});
