import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import { startServing } from '../testing/serving.ts';
import { readTrust } from '../trust/trust-file.ts';
import type { ServeReport } from './run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystick-serve-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function call(
  { url, operatorTokenFile }: ServeReport,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const token = readFileSync(operatorTokenFile ?? '', 'utf8').trim();
  const response = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
  return response.json();
}

const ACCOUNT = {
  participant: 'ALPHSESS',
  account: 'ada',
  balance: { amount: '12345', currency: 'EUR' },
};

describe('serve', () => {
  test('finds everything again at its second start, whatever signals ended the first', async () => {
    const first = await startServing(folder);
    expect(await (await fetch(first.report.page)).text()).toContain('Tallystick');
    await call(first.report, '/v1/accounts', ACCOUNT);
    const trust = readFileSync(first.report.trust, 'utf8');
    expect(readTrust(trust).ok).toBe(true);
    assertSchema('trust', JSON.parse(trust));
    const ended = await first.stop('SIGINT', 'SIGTERM', 'SIGINT');
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split('\n}').length).toBe(2);

    const second = await startServing(folder);
    expect(second.report.operatorTokenFile).toBe(first.report.operatorTokenFile);
    expect(await call(second.report, '/v1/accounts')).toMatchObject({ items: [ACCOUNT] });
    const { root } = JSON.parse(readFileSync(second.report.trust, 'utf8')) as { root: unknown };
    expect(root).toEqual((JSON.parse(trust) as { root: unknown }).root);
    expect((await second.stop('SIGTERM')).code).toBe(0);
  });

  test('ends when its database does, rather than go on without, and finds everything again', async () => {
    const first = await startServing(folder);
    const lock = readFileSync(join(folder, 'data', 'postgres', 'data', 'postmaster.pid'), 'utf8');
    process.kill(Number.parseInt(lock, 10), 'SIGKILL');
    const { code, stdout } = await first.stop();
    expect(code).toBe(1);
    expect(stdout).toContain('"EMBEDDED_ENDED"');

    const second = await startServing(folder);
    expect(await call(second.report, '/v1/accounts')).toMatchObject({ items: [ACCOUNT] });
    expect((await second.stop('SIGTERM')).code).toBe(0);
  });

  test('keeps the token of operators for its owner alone', () => {
    const file = join(folder, 'data', 'operator-token');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
  });

  test('writes a log for each start and keeps the one before', () => {
    const log = join(folder, 'data', 'serve.log');
    expect(readFileSync(log, 'utf8')).toContain('database system is ready');
    expect(existsSync(`${log}.1`)).toBe(true);
  });

  test('says what to do when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const run = await runProgram(['serve', '--port', String(port)], { folder });
    other.close();
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(
      /^tallystick serve: Port \d+ of 127.0.0.1 is taken\..*another port.*\n$/,
    );
  });

  test.each([
    [['--database-url', 'mysql://db'], 'DATABASE_URL_INVALID'],
    [['--database-url', 'postgres://postgres@127.0.0.1:1/none'], 'DATABASE_UNREACHABLE'],
    [['--operator-token', 'short'], 'TOKEN_TOO_SHORT'],
    [['--scheme', 'bad.json'], 'BAD_SCHEME'],
    [['--scheme', 'none.json'], 'BAD_SCHEME'],
  ])('says what to do about %j', async (args, code) => {
    await writeFile(join(folder, 'bad.json'), '{"id":7}');
    const options = ['serve', '--json', '--port', '0', '--data', 'other', ...args];
    const run = await runProgram(options, { folder });
    expect(run.code).toBe(1);
    const report: unknown = JSON.parse(run.stdout);
    assertSchema('serve', report);
    expect(report).toMatchObject({ ok: false, error: { code } });
    expect(run.stderr).toMatch(/^tallystick serve: [^\n]+\n$/);
  });
});
