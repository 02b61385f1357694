import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { testServer } from '../database/testing.ts';
import type { SupplyView } from './views/supply.ts';
import { ServerError } from './listen.ts';
import { type RunningServer, type ServerOptions, startServer } from './server.ts';
import { IMAGE_CODE } from '../service/testing/device.ts';
import { TOKEN } from './testing/client.ts';
import { type Remote, remoteAt } from './testing/remote.ts';

const NOW = 1_798_761_600;
const databases = testServer();
afterAll(() => databases.stop());

function start(
  database: ServerOptions['database'],
  more: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  return startServer({
    database,
    port: 0,
    operatorToken: TOKEN,
    log: () => undefined,
    nowMs: () => NOW * 1000,
    workers: 1,
    ownImage: IMAGE_CODE,
    ...more,
  });
}

async function wholeSupply(remote: Remote): Promise<SupplyView | undefined> {
  const { items } = await remote.read<{ items: SupplyView[] }>('/v1/supply');
  expect(items.every(({ balanced }) => balanced)).toBe(true);
  return items.find(({ participant }) => participant === null);
}

async function accountOf(remote: Remote, name: string): Promise<string | undefined> {
  const { items } = await remote.read<{
    items: { account: string; balance: { amount: string } }[];
  }>('/v1/accounts');
  return items.find(({ account }) => account === name)?.balance.amount;
}

describe('the server on PostgreSQL', () => {
  test('money goes offline, changes hands, is forked, and comes home', async () => {
    const server = await start({ url: await databases.createDatabase() });
    try {
      const remote = remoteAt(server.url);
      const ann = await remote.enrol('ann', 'ALPHSESS', 10_000n);
      const bob = await remote.enrol('bob', 'BETASESS', 0n);
      const cat = await remote.enrol('cat', 'BETASESS', 0n);
      await remote.load(ann, 6_000n, NOW);
      expect(await accountOf(remote, 'ann')).toBe('4000');

      const first = bob.request(2_500n, NOW + 60);
      bob.receive(ann.pay(first, 2_500n, { syncedAt: NOW }), first);
      const second = cat.request(1_000n, NOW + 60);
      cat.receive(bob.pay(second, 1_000n, { syncedAt: NOW, hop: 2 }), second);
      for (const device of [cat, bob, ann]) {
        expect((await remote.sync(device)).refused).toEqual([]);
      }
      expect(await wholeSupply(remote)).toMatchObject({
        reserve: { amount: '6000' },
        balances: { amount: '6000' },
        inFlight: { amount: '0' },
      });

      bob.pay(bob.welcome!.unloadCode, 1_500n, { syncedAt: NOW });
      await remote.sync(bob);
      expect(await accountOf(remote, 'bob')).toBe('1500');

      const clone = ann.clone();
      for (const payer of [ann, clone]) {
        const request = cat.request(3_500n, NOW + 60);
        cat.receive(payer.pay(request, 3_500n, { syncedAt: NOW }), request);
      }
      await remote.sync(cat);
      const forks = await remote.read<{ items: unknown[] }>('/v1/forks');
      expect(forks.items).toHaveLength(1);
      expect(await wholeSupply(remote)).toMatchObject({
        reserve: { amount: '4500' },
        loss: { amount: '3500' },
        balances: { amount: '8000' },
      });
      expect(await remote.audit()).toMatchObject({ agrees: true, differences: [], purses: 3 });
    } finally {
      await server.stop();
    }
  });

  test('a second start on the same data finds the scheme, the purses and every balance', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tallystick-serve-'));
    await chmod(directory, 0o755);
    try {
      const before = await start({ directory });
      const remote = remoteAt(before.url);
      const ann = await remote.enrol('ann', 'ALPHSESS', 10_000n);
      await remote.load(ann, 6_000n, NOW);
      await remote.sync(ann);
      const supply = await wholeSupply(remote);
      const { anchor } = before.backend.authority;
      const hash = await before.backend.ledgerHash();
      await before.stop();

      const after = await start({ directory });
      expect(after.backend.authority.anchor).toEqual(anchor);
      expect(await after.backend.ledgerHash()).toBe(hash);
      expect(await wholeSupply(remoteAt(after.url))).toEqual(supply);
      expect((await remoteAt(after.url).sync(ann)).refused).toEqual([]);
      await after.stop();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  test('two servers on one database answer as one backend', async () => {
    const url = await databases.createDatabase();
    const [one, other] = await Promise.all([start({ url }), start({ url })]);
    try {
      expect(one.backend.authority.anchor).toEqual(other.backend.authority.anchor);
      const ann = await remoteAt(one.url).enrol('ann', 'ALPHSESS', 1_000n);
      const request = ann.request(700n, NOW + 60);
      const loads = await Promise.all(
        [one, other, one, other].map(({ url }) => remoteAt(url).send('/v1/loads', request)),
      );
      expect(new Set(loads.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
      expect(await accountOf(remoteAt(other.url), 'ann')).toBe('300');
      const upload = ann.upload();
      const answers = await Promise.all(
        [one, other].map(({ url }) => remoteAt(url).send('/v1/syncs', upload)),
      );
      expect(answers[0]).toEqual(answers[1]);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  test('a stop lets the request under way end, and takes no new one', async () => {
    const server = await start({ url: await databases.createDatabase() });
    const device = await remoteAt(server.url).enrol('ann', 'ALPHSESS', 0n);
    const body = device.upload();
    const headers = { 'content-type': 'application/cbor', 'content-length': body.length };
    const upload = httpRequest(`${server.url}/v1/syncs`, {
      method: 'POST',
      agent: false,
      headers: { ...headers, expect: '100-continue' },
    });
    upload.flushHeaders();
    await once(upload, 'continue');
    const stopped = server.stop();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
    upload.end(body);
    const [response] = (await once(upload, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.resume();
    await stopped;
  });

  test('says what to change when it cannot start, and leaves nothing behind', async () => {
    const url = await databases.createDatabase();
    const first = await start({ url });
    try {
      const port = Number(new URL(first.url).port);
      await expect(start({ url }, { port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
      await expect(start({ url }, { port })).rejects.toBeInstanceOf(ServerError);
      await expect(start({ url }, { operatorToken: 'short' })).rejects.toThrow('16 characters');
    } finally {
      await first.stop();
    }
    await expect(fetch(`${first.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});
