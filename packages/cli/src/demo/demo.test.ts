import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type EmbeddedDatabase, startEmbedded } from '@tallystick/backend';
import { whyNoReaders } from '@tallystick/tre/smartcard';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditOutput } from '../audit/run.ts';
import { ENVIRONMENTS } from '../environments/index.ts';
import { runHere, runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import type { DemoReport } from './report.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystick-try-demo-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const eur = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' });

/** Environments whose tools are not installed here. */
function withoutTools(): string[] {
  const noTpm = existsSync('/usr/bin/swtpm') ? [] : ['keys-only', 'tee'];
  return whyNoReaders() === null ? noTpm : [...noTpm, 'smartcard'];
}

const HONEST_PAYMENTS = [
  { from: 'Ada', to: 'Ben', amount: eur('2400'), hop: 1, link: 'tap' },
  { from: 'Ben', to: 'Cleo', amount: eur('1200'), hop: 2, link: 'tap' },
  { from: 'Cleo', to: 'Café', amount: eur('750'), hop: 3, link: 'static code' },
  { from: 'Ada', to: 'Ben', amount: eur('600'), hop: 1, link: 'tap' },
];
const SECOND_SPENDING = { from: 'Cleo', to: 'Ben', amount: eur('1500'), hop: 3, link: 'tap' };

/** What every telling of the story comes to, whatever it runs on, but for the cheat. */
function expectStory(report: DemoReport, { isPrevented = false } = {}): void {
  assertSchema('demo', report);
  expect(report.checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(report.ok).toBe(true);
  expect(report.payments).toMatchObject(
    isPrevented ? HONEST_PAYMENTS : [...HONEST_PAYMENTS, SECOND_SPENDING],
  );
  // A payment with its certificate, however often the money has changed hands; then without it.
  const bytes = report.payments.map((payment) => payment.bytes);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(300);
  expect(bytes[3]).toBeLessThanOrEqual(160);
  expect(report.tornTap).toMatchObject({
    cut: 'receipt',
    payerSaw: 'inDoubt',
    payeeSaw: 'accepted',
    resolvedBy: { asked: 'void', answered: 'receipt' },
    endedWith: 'Ben',
  });
  expect(new Set(report.holders.map(({ participant }) => participant)).size).toBe(2);
  expect(report.audit).toMatchObject({ agrees: true, differences: 0 });
  if (isPrevented) expectNoCheat(report);
  else expectProvenCheat(report);
}

function expectNoCheat({ tre, rollback, fork, holders, supply }: DemoReport): void {
  // A card has nothing that could be put back.
  const refusedWith = tre === 'smartcard' ? null : 'TAMPERED';
  expect(rollback).toEqual({ outcome: 'prevented', refusedWith });
  expect(fork).toMatchObject({ detected: false, culprit: null });
  expect(holders).toMatchObject([
    { name: 'Ada', loaded: eur('6000'), redeemed: eur('3000'), redemption: 'paid' },
    { name: 'Ben', loaded: eur('500'), redeemed: eur('2300'), redemption: 'paid' },
    { name: 'Cleo', loaded: eur('500'), redeemed: eur('950'), redemption: 'paid' },
    { name: 'Café Zoë, lane 3', loaded: eur('0'), redeemed: eur('750'), redemption: 'paid' },
  ]);
  const nothing = eur('0');
  expect(supply).toMatchObject({ reserve: nothing, loss: nothing, inFlight: nothing });
}

function expectProvenCheat(report: DemoReport): void {
  expect(report.rollback).toEqual({ outcome: 'succeeded', refusedWith: null });
  expect(report.fork).toMatchObject({
    detected: true,
    detectedAtSyncOf: 'Ben',
    culprit: 'Cleo',
    proofKind: 'position',
    revoked: true,
  });
  expect(report.fork.proofBytes).toBeGreaterThan(300);
  expect(report.holders).toMatchObject([
    { name: 'Ada', loaded: eur('6000'), redeemed: eur('3000'), redemption: 'paid' },
    { name: 'Ben', loaded: eur('500'), redeemed: eur('3800'), redemption: 'paid' },
    { name: 'Cleo', loaded: eur('500'), redeemed: eur('200'), redemption: 'frozen' },
    { name: 'Café Zoë, lane 3', loaded: eur('0'), redeemed: eur('750'), redemption: 'paid' },
  ]);
}

/** What the evidence of an environment is worth, where it has any. */
const TIERS: Readonly<Record<string, string>> = {
  'keys-only': 'private purse with an attested key',
  tee: 'private purse in an attested emulated TEE',
};

const processes = (): string => execFileSync('ps', ['-eo', 'args']).toString();

describe('demo', () => {
  test('tells the main job end to end, and leaves nothing but its messages', async () => {
    const before = leftovers();
    const run = await runProgram(['demo', '--json'], { folder });
    expect([run.code, run.stderr]).toEqual([0, '']);
    const report = JSON.parse(run.stdout) as DemoReport;
    expectStory(report);
    expect(report.database).toBe('embedded');
    expect(report.supply).toEqual({
      reserve: eur('-550'),
      loss: eur('750'),
      balances: eur('0'),
      inFlight: eur('200'),
      balanced: true,
    });
    expect(leftovers()).toEqual(before);
    expect(readdirSync(folder)).toEqual(['data']);

    const [request = '', payment = ''] = report.files.messages;
    const inspected = await runHere(['inspect', payment, '--request', request, '--json'], {
      folder,
      nowMs: Date.UTC(2026, 0, 1),
    });
    expect(inspected.code).toBe(0);
    const proof = report.files.messages.find((path) => path.endsWith('fork-proof.cbor')) ?? '';
    expect((await runHere(['inspect', proof], { folder })).code).toBe(0);
  });

  const others = ENVIRONMENTS.filter(({ name }) => name !== 'plain');
  const lacking = process.env.CI === 'true' ? [] : withoutTools();
  describe.each(others)('$name', ({ name, rollback }) => {
    test.skipIf(lacking.includes(name))('tells the story, and leaves no process', async () => {
      const before = leftovers();
      const run = await runProgram(['demo', '--json', '--tre', name], { folder });
      expect([run.code, run.stderr]).toEqual([0, '']);
      const report = JSON.parse(run.stdout) as DemoReport;
      expectStory(report, rollback);
      expect(report.tre).toBe(name);
      expect(report.holders[0]?.tier).toBe(TIERS[name] ?? 'private purse in software');
      expect(leftovers()).toEqual(before);
      expect(processes()).not.toMatch(/(?:swtpm|pcscd|chip).*tallystick-demo-/);
    });
  });

  test.each(['card', ''])('names the environments there are for --tre "%s"', async (tre) => {
    const run = await runHere(['demo', '--tre', tre], { folder });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(
      /^tallystick demo: there is no environment ".*" here; there is plain, keys-only, tee, smartcard, virtual-se\n$/,
    );
  });
});

describe('demo and audit on a PostgreSQL of somebody else', () => {
  let postgres: EmbeddedDatabase;
  beforeAll(async () => {
    const directory = join(folder, 'theirs');
    postgres = await startEmbedded({ directory, log: () => undefined });
  });
  afterAll(() => postgres.stop());

  async function audit(): Promise<{ code: number | null; output: AuditOutput; stderr: string }> {
    const { code, stdout, stderr } = await runProgram(
      ['audit', '--json', '--database-url', postgres.url],
      { folder },
    );
    const output = JSON.parse(stdout) as AuditOutput;
    assertSchema('audit', output);
    return { code, output, stderr };
  }

  test('the story can be told twice there, and the audit agrees', async () => {
    const empty = await runHere(['audit', '--database-url', postgres.url], { folder });
    expect(empty.code).toBe(1);
    expect(empty.stderr).toContain('holds no ledger yet');

    const first = await runProgram(['demo', '--json', '--database-url', postgres.url], { folder });
    expect(first.code).toBe(0);
    const report = JSON.parse(first.stdout) as DemoReport;
    expectStory(report);
    expect(report.database).toBe('external');

    const story = await runProgram(['demo', '--database-url', postgres.url], { folder });
    expect([story.code, story.stderr]).toEqual([0, '']);
    expect(story.stdout).toContain('Ada   ═══ 24.00 EUR ═══▶ Ben     hop 1');
    expect(story.stdout).toContain('✂ the receipt is lost');
    expect(story.stdout).toContain(
      'reserve -11.00 + loss 15.00  =  balances 0.00 + in flight 4.00',
    );
    expect(Math.max(...story.stdout.split('\n').map((line) => line.length))).toBeLessThan(100);

    const { code, output } = await audit();
    expect(code).toBe(0);
    expect(output).toMatchObject({
      ok: true,
      scheme: 'tallystick-sandbox',
      database: 'external',
      joined: false,
      purses: 8,
      undelivered: 0,
      differences: [],
    });
    expect(output.signatures).toBeGreaterThan(40);
  });

  test('the audit names what somebody changed behind the back of the backend', async () => {
    const db = await connect<{ balance: { account: string; balance: bigint } }>(postgres.url);
    const change = (by: bigint): Promise<unknown> =>
      db
        .updateTable('balance')
        .set((each) => ({ balance: each('balance', '+', by) }))
        .where('account', '=', 'float')
        .execute();
    await change(1n);
    const { code, output, stderr } = await audit();
    await change(-1n);
    await db.destroy();
    expect(code).toBe(1);
    expect(output.ok).toBe(false);
    expect(output.differences.length).toBeGreaterThan(0);
    expect(output.differences.every(({ subject }) => ['balance', 'supply'].includes(subject))).toBe(
      true,
    );
    expect(stderr).toMatch(
      /^tallystick audit: \d+ differences between the ledger and its facts.*\n$/,
    );
    expect((await audit()).code).toBe(0);
  });
});

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('tallystick-demo-'));
}
