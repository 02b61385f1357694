import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const sources = import.meta.dirname;
const compiler = fileURLToPath(
  new URL('../../../node_modules/typescript/bin/tsc', import.meta.url),
);
const baseConfig = fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url));

interface Example {
  readonly file: string;
  readonly code: string;
}

/** The fenced examples in the docstrings of a source, without the comment's margin. */
function examplesIn(file: string): Example[] {
  const text = readFileSync(join(sources, file), 'utf8');
  return [...text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gm)].map(([, body = '']) => ({
    file,
    code: body.replaceAll(/^ *\* ?/gm, ''),
  }));
}

const files = readdirSync(sources, { recursive: true, encoding: 'utf8' });
const examples = files.filter((file) => /(?<!\.test)\.ts$/.test(file)).flatMap(examplesIn);
/** Compiled beside the others, to see that a wrong one is found. */
const wrong: Example = {
  file: 'wrong.ts',
  code: "import type { Wallet } from '@tallystick/wallet';\nexport const run = (wallet: Wallet): Promise<string> => wallet.load('5.00');\n",
};

let folder = '';
let output = '';

beforeAll(() => {
  // Inside the package, so that the examples find it by its name, as its users do.
  const build = join(sources, '..', 'build');
  mkdirSync(build, { recursive: true });
  folder = mkdtempSync(join(build, 'examples-'));
  [...examples, wrong].forEach(({ code }, index) => {
    writeFileSync(join(folder, `example-${index}.ts`), code);
  });
  const options = { noEmit: true, skipLibCheck: true };
  const config = { extends: baseConfig, compilerOptions: options, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const run = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  output = run.stdout + run.stderr;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the docstrings have examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(6);
});

test.each(examples.map(({ file, code }, index) => ({ file, index, code })))(
  'example $index, of $file, compiles',
  ({ index }) => {
    expect(output.split('\n').filter((line) => line.includes(`example-${index}.ts`))).toEqual([]);
  },
);

test('an example that is wrong is found', () => {
  expect(output).toContain(`example-${examples.length}.ts`);
});
