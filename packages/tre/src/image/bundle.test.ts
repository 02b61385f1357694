import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256, toHex } from '@tallystick/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { bundleScript, bundleTrustedApp } from './bundle.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** The sources of the image, in a folder of another name and depth. */
function copySources(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'elsewhere-')), 'a', 'b');
  made.push(join(folder, '..', '..'));
  mkdirSync(join(folder, 'node_modules', '@tallystick'), { recursive: true });
  symlinkSync(join(root, 'node_modules', '@noble'), join(folder, 'node_modules', '@noble'));
  symlinkSync(join(root, 'node_modules', 'fflate'), join(folder, 'node_modules', 'fflate'));
  for (const name of ['protocol', 'trusted-app', 'tre']) {
    const to = join(folder, 'packages', name);
    cpSync(join(root, 'packages', name, 'src'), join(to, 'src'), { recursive: true });
    cpSync(join(root, 'packages', name, 'package.json'), join(to, 'package.json'));
    symlinkSync(to, join(folder, 'node_modules', '@tallystick', name));
  }
  return folder;
}

describe("the trusted application's image", () => {
  it('is measured by its SHA-256', async () => {
    const { code, measurement } = await bundleTrustedApp();
    expect(toHex(measurement)).toBe(toHex(sha256(code)));
  });

  it('is the same from any folder', async () => {
    const here = await bundleTrustedApp();
    const elsewhere = new URL(`file://${copySources()}/packages/tre/src/image/main.ts`);
    expect(toHex(sha256(await bundleScript(elsewhere)))).toBe(toHex(here.measurement));
  });

  it('is ASCII, and names neither a place nor what a bare engine lacks', async () => {
    const { code } = await bundleTrustedApp();
    expect(code.every((byte) => byte < 0x80)).toBe(true);
    const text = Buffer.from(code).toString('ascii');
    expect(text).not.toMatch(/node_modules|packages\/|require\(|import\(/);
    expect(text).not.toMatch(/\bDate\b|\bprocess\.|\bsetTimeout\b|\bMath\.random\b/);
  });
});
