import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublicKey } from '@tallystick/protocol';
import { memoryPair } from '@tallystick/wallet';
import { readSchemeFile, SANDBOX_SCHEME } from '@tallystick/backend';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plain } from '../environments/index.ts';
import { Holder, value } from '../demo/holder.ts';
import { Network } from '../demo/network.ts';
import { Operator } from '../demo/operator.ts';
import { runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import { readTrust } from '../trust/trust-file.ts';
import { type Serving, startServing } from '../testing/serving.ts';
import type { AuditOutput } from './run.ts';

const HOLDERS = 8;
const LOADED = 10_00n;
/** Devices that talk to the backend at once. */
const LANES = 3;
/** The upload during which the backend is killed: others came before it, others wait behind it. */
const FATAL_UPLOAD = 5;
/** Long enough for the upload to be on its way, too short for all of them to be answered. */
const FATAL_MS = 5;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystick-try-audit-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Where the backend listens changes with every start; devices find it by name. */
class Address extends Network {
  serving: Serving | null = null;
  /** Told of every upload as it sets out. */
  onUpload: () => void = () => undefined;

  override readonly fetch: Network['fetch'] = (url, init) => {
    if (url.endsWith('/v1/syncs')) this.onUpload();
    return fetch(url.replace('http://backend', this.serving?.report.url ?? ''), init);
  };
}

async function operatorOf({ report }: Serving): Promise<Operator> {
  const token = (await readFile(report.operatorTokenFile ?? '', 'utf8')).trim();
  return new Operator(report.url, token);
}

function publisherOf({ serving }: Address): PublicKey {
  const trust = readTrust(readFileSync(serving?.report.trust ?? '', 'utf8'));
  if (!trust.ok || trust.value.publisher === null)
    throw new Error('the trust file has no publisher');
  return trust.value.publisher;
}

async function enter(address: Address, operator: Operator, number: number): Promise<Holder> {
  const startedMs = statSync(address.serving?.report.trust ?? '').mtimeMs;
  const scheme = await readSchemeFile(SANDBOX_SCHEME);
  const { code, name } = scheme.participants[number % 2]!;
  const account = `holder-${number}`;
  const holder = new Holder({
    name: account,
    participant: code,
    participantName: name,
    acceptancePoint: null,
    account,
    folder: join(folder, account),
    publisher: publisherOf(address),
    environment: plain,
    backendUrl: 'http://backend',
    network: address,
    // A device's clock need not run: issuer time is what counts.
    tpmMaker: null,
    setVariable: () => undefined,
    nowMs: () => startedMs,
  });
  const balance = { amount: LOADED.toString(), currency: 'EUR' };
  await operator.openAccount({ participant: code, account, balance, acceptancePoint: null });
  await holder.open();
  value(await holder.wallet.enrol({ participant: code, account }), 'enrolment');
  value(await holder.wallet.load(LOADED), 'load');
  return holder;
}

async function tap(payer: Holder, payee: Holder, amount: bigint): Promise<void> {
  const { a, b } = memoryPair();
  const [paid] = await Promise.all([
    payer.wallet.pay(a, () => Promise.resolve({ approve: true })),
    payee.wallet.getPaid(b, { amount }),
  ]);
  expect(value(paid, 'payment').state).toBe('paid');
}

/** Syncs all of them, a few at a time; whether each succeeded. */
async function syncInLanes(holders: readonly Holder[]): Promise<boolean[]> {
  const waiting = [...holders];
  const outcomes: boolean[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      outcomes.push((await next.wallet.sync()).ok);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomes;
}

async function audit(): Promise<AuditOutput> {
  const run = await runProgram(['audit', '--json'], { folder });
  expect([run.code, run.stderr]).toEqual([0, '']);
  const output = JSON.parse(run.stdout) as AuditOutput;
  assertSchema('audit', output);
  return output;
}

test('the audit agrees after the backend is killed in the middle of uploads, and after they are over', async () => {
  const address = new Address();
  const first = await startServing(folder);
  address.serving = first;
  const operator = await operatorOf(first);
  const holders: Holder[] = [];
  for (let number = 0; number < HOLDERS; number++) {
    holders.push(await enter(address, operator, number));
  }
  // Everybody pays the next two, so that every log holds halves of many others.
  for (const step of [1, 2]) {
    for (const [number, payer] of holders.entries()) {
      await tap(payer, holders[(number + step) % HOLDERS]!, BigInt(100 * step + number));
    }
  }

  let uploads = 0;
  const killed = new Promise((resolve) => {
    address.onUpload = () => {
      uploads += 1;
      if (uploads === FATAL_UPLOAD) setTimeout(() => resolve(first.stop('SIGKILL')), FATAL_MS);
    };
  });
  const outcomes = await syncInLanes(holders);
  await killed;
  expect(outcomes).toContain(true);
  expect(outcomes).toContain(false);
  expect(await audit()).toMatchObject({ agrees: true, joined: false, purses: HOLDERS });

  const second = await startServing(folder);
  address.serving = second;
  for (const holder of holders) value(await holder.wallet.sync(), 'sync after the crash');
  expect(await audit()).toMatchObject({ agrees: true, joined: true, undelivered: 0 });
  expect(await (await operatorOf(second)).supply('EUR')).toMatchObject({
    reserve: { amount: String(LOADED * BigInt(HOLDERS)) },
    loss: { amount: '0' },
    inFlight: { amount: '0' },
    balanced: true,
  });
  const held = await Promise.all(holders.map((holder) => holder.balance()));
  expect(held.reduce((sum, each) => sum + each, 0n)).toBe(LOADED * BigInt(HOLDERS));
  for (const holder of holders) await holder.close();
  expect((await second.stop('SIGTERM')).code).toBe(0);
  expect(await audit()).toMatchObject({ agrees: true, joined: false, undelivered: 0 });
}, 180_000);
