import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMPORT = "import { afterAll, expect, test } from 'vitest';\n";

let folder = '';

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The last line of a run over the given test files, and its exit code. */
async function run(
  files: Record<string, string>,
): Promise<{ last: string | undefined; code: number }> {
  // Inside the repository, so that the files find vitest, yet in a folder that nothing else reads.
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'build', 'summary-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const reporter = join(ROOT, 'scripts', 'summary-reporter.ts');
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `import { SummaryReporter } from '${reporter}';
     export default { test: { reporters: ['default', new SummaryReporter()] } };`,
  );
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--root', folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { last: output.trimEnd().split('\n').at(-1), code };
}

describe('the last line of a test run', () => {
  test('counts what passed and names what was skipped', async () => {
    const text = `${IMPORT}test('a', () => {}); test('b', { skip: true }, () => {});`;
    const last = '1 passed, 0 failed, 1 skipped';
    expect(await run({ 'a.test.ts': text })).toEqual({ last, code: 0 });
  });

  test('counts failures, files that do not load, hooks that throw and stray errors', async () => {
    const result = await run({
      'fails.test.ts': `${IMPORT}test('a', () => { expect(1).toBe(2); }); test('b', () => {});`,
      'load.test.ts': `${IMPORT}throw new Error('cannot load');`,
      'hook.test.ts': `${IMPORT}afterAll(() => { throw new Error('hook'); }); test('c', () => {});`,
      'stray.test.ts': `${IMPORT}test('d', async () => {
        setTimeout(() => { throw new Error('stray'); }, 0);
        await new Promise((resolve) => { setTimeout(resolve, 50); });
      });`,
    });
    expect(result).toEqual({ last: '3 passed, 4 failed', code: 1 });
  });
});
