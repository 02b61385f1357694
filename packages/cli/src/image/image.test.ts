import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ALGORITHMS,
  checkImage,
  decodeSignedImage,
  ES256,
  fromHex,
  publicKey,
  runChecking,
  sha256,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from '../testing/command.ts';
import { assertSchema } from '../testing/schema.ts';
import type { ImageReport } from './run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystick-image-'));
  const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }) as string;
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  await writeFile(join(folder, 'p256.pem'), pem(p256));
  await writeFile(join(folder, 'ed25519.pem'), pem(generateKeyPairSync('ed25519').privateKey));
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  await writeFile(join(folder, 'p384.pem'), pem(p384));
  await writeFile(join(folder, 'none.pem'), 'no key');
});
afterAll(() => rm(folder, { recursive: true }));

async function build(...options: string[]): Promise<ImageReport> {
  const run = await runHere(['image', '--json', ...options], { folder });
  expect([run.code, run.stderr]).toEqual([0, '']);
  const report: unknown = JSON.parse(run.stdout);
  assertSchema('image', report);
  return report as ImageReport;
}

describe('image', () => {
  test('builds the same script each time, and says its measurement', async () => {
    const first = await build();
    const code = await readFile(first.code);
    expect(toHex(sha256(Uint8Array.from(code)))).toBe(first.measurement);
    expect(first).toMatchObject({ bytes: code.length, signed: null });
    expect(await readFile(`${first.code}.sha256`, 'utf8')).toBe(
      `${first.measurement}  trusted-app.js\n`,
    );
    expect(await build('--out', 'elsewhere')).toMatchObject({ measurement: first.measurement });
  });

  test.each(['p256', 'ed25519'])(
    'signs it with a key of %s, for environments to verify',
    async (name) => {
      const { signed, measurement } = await build('--key', `${name}.pem`, '--version', '7');
      const { publisher, image = '', version } = signed ?? {};
      expect(version).toBe(7);
      const alg = publisher?.algorithm === ALGORITHMS[ES256].name ? ES256 : -19;
      const key = publicKey(alg, fromHex(publisher?.key ?? '') ?? new Uint8Array(0));
      const read = decodeSignedImage(Uint8Array.from(await readFile(image)));
      const manifest = runChecking(checkImage(read, key), softwareVerify);
      expect([manifest.version, toHex(manifest.sha256)]).toEqual([7, measurement]);
      const words = await runHere(['image', '--key', `${name}.pem`, '--version', '7'], { folder });
      expect(words.stdout).toContain(`publisher    ${publisher?.key}`);
      expect(words.stdout).toContain('POST /v1/images');
    },
  );

  test.each<[string[], string, number]>([
    [['--key', 'p256.pem'], 'USAGE', 2],
    [['--version', '3'], 'USAGE', 2],
    [['--key', 'p256.pem', '--version', '0'], 'USAGE', 2],
    [['--key', 'p256.pem', '--version', '256'], 'USAGE', 2],
    [['--key', 'missing.pem', '--version', '1'], 'KEY_UNREADABLE', 1],
    [['--key', 'none.pem', '--version', '1'], 'KEY_UNREADABLE', 1],
    [['--key', 'p384.pem', '--version', '1'], 'KEY_UNREADABLE', 1],
  ])('says what is wrong with %j', async (options, code, exit) => {
    const run = await runHere(['image', '--json', ...options], { folder });
    const report: unknown = JSON.parse(run.stdout);
    assertSchema('image', report);
    expect(report).toMatchObject({ ok: false, error: { code } });
    expect([run.code, run.stderr.trim().split('\n').length]).toEqual([exit, 1]);
  });
});
