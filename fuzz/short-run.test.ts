import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** The program as it is run by night, with few inputs. */
function run(...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr });
    });
  });
}

describe('npm run fuzz', () => {
  test('finds nothing in a short run over every target', async () => {
    const { code, text } = await run('--inputs', '250', '--seed', '7');
    expect(text).not.toContain('FOUND');
    expect(code).toBe(0);
  }, 300_000);

  test('finds what is planted: a trailing byte, an allocation, a hang, a bug behind branches', async () => {
    const planted = ['trailing', 'allocation', 'loop', 'deep'].map((name) => `seeded-${name}`);
    const targets = planted.flatMap((name) => ['--target', name]);
    const { code, text } = await run(...targets, '--inputs', '150000', '--hang-ms', '4000');
    expect(code).toBe(1);
    for (const name of planted) expect(text).toContain(`${name}: FOUND SOMETHING`);
    expect(text).toContain('an accepted message has another encoding');
    expect(text).toContain('bytes of memory');
    expect(text).toContain('hangs for 4000 ms');
    expect(text).toContain('the planted bug');
  }, 300_000);

  test('gives the same inputs for the same seed', async () => {
    const args = ['--target', 'frame', '--inputs', '3000', '--seed', '5'];
    const features = async (): Promise<string | undefined> =>
      /^frame +\d+ +\d+ +(\d+)/m.exec((await run(...args)).text)?.[1];
    const first = await features();
    expect(first).toMatch(/^\d+$/);
    expect(await features()).toBe(first);
  }, 120_000);
});
