import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import { testServer } from '../database/testing.ts';
import type { Device } from '../service/testing/device.ts';
import { remoteAt } from './testing/remote.ts';
import type { SupplyView } from './views/supply.ts';

const NOW = 1_798_761_600;
const databases = testServer();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => databases.stop());

/** A backend in a process of its own, and its address. */
async function spawnServer(database: string): Promise<{ child: ChildProcess; url: string }> {
  const program = fileURLToPath(new URL('./testing/main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, database, String(NOW)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const url of createInterface({ input: child.stdout })) return { child, url };
  throw new Error('the backend ended before it said where it listens');
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('kill -9 in the middle of uploads: nothing is lost, nothing happens twice', async () => {
  const database = await databases.createDatabase();
  let { child, url } = await spawnServer(database);
  const devices: Device[] = [];
  for (let index = 0; index < 8; index++) {
    const participant = index % 2 === 0 ? 'ALPHSESS' : 'BETASESS';
    const device = await remoteAt(url).enrol(`d${index}`, participant, 10_000n);
    await remoteAt(url).load(device, 5_000n, NOW);
    devices.push(device);
  }
  let interrupted = 0;
  for (let round = 0; round < 6; round++) {
    devices.forEach((payer, index) => {
      const payee = devices[(index + round + 1) % devices.length]!;
      const request = payee.request(10n, NOW + 600);
      payee.receive(payer.pay(request, 10n, { syncedAt: NOW }), request);
    });
    // Loads that are under way when the process dies belong to the picture too.
    const bodies = devices.map((device) => ['/v1/syncs', device.upload()] as const);
    const loads = devices.map((device) => ['/v1/loads', device.request(100n, NOW + 600)] as const);
    const requests = [...bodies, ...loads];
    // Each round dies one answer later than the one before.
    const enough = Promise.withResolvers<void>();
    let left = round + 1;
    const outcomes = requests.map(async ([path, body]) => {
      try {
        await remoteAt(url).send(path, body);
        left -= 1;
        if (left === 0) enough.resolve();
        return 'answered';
      } catch {
        return 'cut';
      }
    });
    await enough.promise;
    await kill(child);
    const cut = (await Promise.all(outcomes)).filter((outcome) => outcome === 'cut');
    interrupted += cut.length;

    ({ child, url } = await spawnServer(database));
    for (const [path, body] of requests) await remoteAt(url).send(path, body);
  }
  // A run in which nothing was cut would have shown nothing.
  expect(interrupted).toBeGreaterThan(0);
  for (const device of devices) expect((await remoteAt(url).sync(device)).refused).toEqual([]);

  expect(await remoteAt(url).audit()).toMatchObject({
    agrees: true,
    differences: [],
    undelivered: 0,
    purses: devices.length,
  });
  const { items } = await remoteAt(url).read<{ items: SupplyView[] }>('/v1/supply');
  const whole = items.find(({ participant }) => participant === null);
  const reserve = 8n * 5_000n + 6n * 8n * 100n;
  expect(items.every(({ balanced }) => balanced)).toBe(true);
  expect(whole?.reserve.amount).toBe(reserve.toString());
  expect(whole?.balances.amount).toBe((8n * 5_000n).toString());
  const { items: accounts } = await remoteAt(url).read<{
    items: { balance: { amount: string } }[];
  }>('/v1/accounts');
  const online = accounts.reduce((sum, { balance }) => sum + BigInt(balance.amount), 0n);
  expect(online + reserve).toBe(8n * 10_000n);
}, 240_000);
