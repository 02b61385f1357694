import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame, toHex } from '@tallystick/protocol';
import { encodeBase45, encodeQr } from '@tallystick/wallet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Run, runHere, runProgram } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import type { InspectReport } from './run.ts';
import { makeWorld, NOW } from './testing/world.ts';

const world = makeWorld();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-inspect-'));
  writeFileSync(join(folder, 'trust.json'), world.trust);
  writeFileSync(join(folder, 'payment.cbor'), world.frame);
  writeFileSync(join(folder, 'request.hex'), `${toHex(world.request)}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const TRUSTED = ['--trust', 'trust.json', '--request', 'request.hex'];

function inspect(message: string, ...more: readonly string[]): Promise<Run> {
  const args = ['inspect', message, '--json', ...TRUSTED, ...more];
  return runHere(args, { folder, nowMs: NOW * 1000 });
}

function reportOf({ stdout }: Run): InspectReport {
  const report = JSON.parse(stdout) as InspectReport;
  assertSchema('inspect', report);
  return report;
}

describe('a message is read', () => {
  const base64url = Buffer.from(world.frame).toString('base64url');
  test.each([
    ['hex', toHex(world.frame), 'hex'],
    [
      'hex in lines and capitals',
      toHex(world.frame)
        .toUpperCase()
        .replace(/(.{60})/g, '$1\n'),
      'hex',
    ],
    ['the text of a QR code', encodeQr(world.frame).text(0), 'QR text'],
    ['bare base45', encodeBase45(world.frame), 'base45'],
    ['base64url', base64url, 'base64url'],
    [
      'padded base64url',
      `${base64url}${'='.repeat((4 - (base64url.length % 4)) % 4)}`,
      'base64url',
    ],
    ['a file', 'payment.cbor', 'binary'],
  ])('from %s', async (_, message, encoding) => {
    const run = await inspect(message);
    expect(run.code).toBe(0);
    expect(reportOf(run)).toMatchObject({ ok: true, encoding, kind: 'payment frame' });
  });

  test('from the lines of an animated code', async () => {
    const list = world.scheme.signList({ revoked: scattered(4_000) });
    const frame = encodeFrame({ kind: 6, list, certificate: world.scheme.operator.certificate });
    const code = encodeQr(frame);
    expect(code.parts).toBeGreaterThan(3);
    const texts = Array.from({ length: code.parts }, (_, index) => code.text(index));
    expect(reportOf(await inspect(texts.join('\n')))).toMatchObject({
      ok: true,
      kind: 'list frame',
    });
  });

  test('from stdin, as bytes or as text', async () => {
    for (const stdin of [world.frame, Buffer.from(toHex(world.frame))]) {
      const args = ['inspect', '-', '--json', ...TRUSTED];
      const run = await runHere(args, { folder, stdin, nowMs: NOW * 1000 });
      expect(reportOf(run).verified).toBe(true);
    }
  });

  test.each([
    ['nothing', [], 'NO_INPUT'],
    ['neither file nor encoding', ['no such file.bin'], 'NOT_A_MESSAGE'],
    ['something else in hex', ['6161'], 'WRONG_KIND'],
  ])('%s is refused in one line', async (_, args, code) => {
    const run = await runHere(['inspect', ...args, '--json'], { folder });
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, error: { code } });
    assertSchema('inspect', JSON.parse(run.stdout));
    expect(run.stderr).toMatch(/^tallystick inspect: [^\n]+\n$/);
  });
});

describe('trust', () => {
  const onlyRequest = ['--json', '--request', 'request.hex'];
  const nowMs = NOW * 1000;

  test('is found beside the message', async () => {
    const run = await runHere(['inspect', 'payment.cbor', ...onlyRequest], { folder, nowMs });
    expect(reportOf(run)).toMatchObject({ verified: true, trust: join(folder, 'trust.json') });
  });

  test('is found in the data folder', async () => {
    const message = toHex(world.frame);
    const args = ['inspect', message, ...onlyRequest, '--data', '.'];
    expect(reportOf(await runHere(args, { folder, nowMs })).verified).toBe(true);
  });

  test('that is missing or broken is told apart from a message that fails', async () => {
    const without = await runHere(['inspect', toHex(world.frame), ...onlyRequest], { folder });
    expect(without.code).toBe(1);
    expect(reportOf(without)).toMatchObject({ verified: false, trust: null });
    expect(without.stderr).toContain('give one with --trust');
    const named = await runHere(['inspect', 'payment.cbor', '--trust', 'none.json'], { folder });
    expect(named.stderr).toContain('there is no trust file none.json');
    writeFileSync(join(folder, 'broken.json'), world.trust.replace(/"key": "../, '"key": "04'));
    const broken = await runHere(['inspect', 'payment.cbor', '--trust', 'broken.json'], { folder });
    expect(broken.stderr).toContain('cannot be used');
  });

  test('file is as published', () => {
    expect(() => assertSchema('trust', JSON.parse(world.trust))).not.toThrow();
  });
});

describe('the program', () => {
  test('prints one JSON value and nothing else, and exits with the verdict', async () => {
    const good = await runProgram(
      ['inspect', 'payment.cbor', '--json', '--request', 'request.hex'],
      {
        folder,
      },
    );
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(reportOf(good).verified).toBe(true);
    const bad = await runProgram(['inspect', '-', '--json', ...TRUSTED], {
      folder,
      stdin: Uint8Array.from([...world.frame.slice(0, -1), 0]),
    });
    expect(bad.code).toBe(1);
    expect(reportOf(bad).verified).toBe(false);
    expect(bad.stderr).toMatch(/^tallystick inspect: not verified \(\d of \d+ checks failed.*\n$/);
  });

  test('tells a person the verdict in its last line', async () => {
    const run = await runHere(['inspect', 'payment.cbor', ...TRUSTED], {
      folder,
      nowMs: NOW * 1000,
    });
    expect(run.code).toBe(0);
    expect(run.stdout.trimEnd().split('\n').at(-1)).toMatch(/^verified: \d+ checks passed/);
  });
});

/** Indices that do not compress well. */
function scattered(count: number): number[] {
  const indices = new Set<number>();
  for (let value = 7; indices.size < count; value = (value * 48_271) % 2_147_483_647) {
    indices.add(value % 1_000_000);
  }
  return [...indices].sort((a, b) => a - b);
}
