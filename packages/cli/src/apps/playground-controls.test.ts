import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Origin } from './origins.ts';
import { playgroundControls } from './playground-controls.ts';
import { nothingElse } from './static-answer.ts';

let device: Origin;

beforeEach(async () => {
  device = await Origin.open({ host: '127.0.0.1', port: 0, log: () => undefined });
  device.serve([], async () => new Response('here'));
});
afterEach(() => device.setReachable(false));

const revoked: string[] = [];
const backend = {
  revoke: async (purse: string) => {
    revoked.push(purse);
    return purse === 'known'
      ? ({ ok: true, value: 7 } as const)
      : ({ ok: false, error: { code: 'UNKNOWN_PURSE', message: '' } } as const);
  },
};

async function control(
  path: string,
  body: unknown,
  from = 'same-origin',
): Promise<readonly [number, unknown]> {
  const answer = playgroundControls(
    { backend, devices: new Map([['ada', [device]]]) },
    nothingElse,
  );
  const request = new Request(`http://127.0.0.1/playground/${path}`, {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': from },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const response = await answer(request);
  return [response.status, ((await response.json()) as { error: unknown }).error];
}

async function isThere(): Promise<boolean> {
  return fetch(device.url).then(
    () => true,
    () => false,
  );
}

describe('the controls of the playground', () => {
  test('cut a device off, so that connections are refused, and bring it back where it was', async () => {
    for (const reachable of [false, false, true, true]) {
      expect(await control('network', { device: 'ada', reachable })).toEqual([200, null]);
      expect(await isThere()).toBe(reachable);
    }
  });

  test('revoke a purse, and pass on why not', async () => {
    expect(await control('revocations', { purse: 'known' })).toEqual([200, null]);
    expect(await control('revocations', { purse: 'other' })).toEqual([409, 'UNKNOWN_PURSE']);
    expect(revoked).toEqual(['known', 'other']);
  });

  test.each(['cross-site', 'same-site', 'none'])('heed no page that is %s', async (from) => {
    const asked = { device: 'ada', reachable: false };
    expect(await control('network', asked, from)).toEqual([403, 'FOREIGN_ORIGIN']);
    expect(await isThere()).toBe(true);
  });

  test.each([
    ['network', { device: 'eve', reachable: false }, 404, 'UNKNOWN_DEVICE'],
    ['network', { device: 'constructor', reachable: false }, 404, 'UNKNOWN_DEVICE'],
    ['network', { device: 'ada' }, 400, 'BAD_REQUEST'],
    ['network', { device: 'ada', reachable: 'no' }, 400, 'BAD_REQUEST'],
    ['network', '{', 400, 'BAD_REQUEST'],
    ['network', 'null', 400, 'BAD_REQUEST'],
    ['network', { device: 'x'.repeat(2_000) }, 400, 'BAD_REQUEST'],
    ['revocations', { purse: 5 }, 400, 'BAD_REQUEST'],
  ])('refuse %s %j', async (path, body, status, code) => {
    expect(await control(path, body)).toEqual([status, code]);
    expect(await isThere()).toBe(true);
  });
});
