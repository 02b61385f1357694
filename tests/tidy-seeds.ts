/** Small made-up repositories for the tidy test: one that is clean, and one for each way to err. */
import { spell } from '../scripts/tidy/spell.ts';
import type { TextFile } from '../scripts/tidy/tree.ts';

/** A clean tree with some files added or replaced, and the one finding they must cause. */
export interface Violation {
  readonly rule: string;
  readonly what: string;
  readonly path: string;
  readonly line: number;
  readonly files: readonly TextFile[];
}

/** A tree in which files with the path of a new one give way to it. */
export function withFiles(tree: readonly TextFile[], files: readonly TextFile[]): TextFile[] {
  const replaced = new Set(files.map(({ path }) => path));
  return [...tree.filter(({ path }) => !replaced.has(path)), ...files];
}

function manifest(name: string, dependencies: readonly string[]): TextFile {
  const json = {
    name: `@tallystick/${name}`,
    exports: { '.': './src/index.ts' },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1.0.0'])),
  };
  return { path: `packages/${name}/package.json`, text: JSON.stringify(json) };
}

const HASHING = 'packages/protocol/src/sha256-node.ts';

/** It has a name that stands for one of two files, by the engine. */
function protocolManifest(imports: object): TextFile {
  const { path, text } = manifest('protocol', []);
  return { path, text: JSON.stringify({ ...(JSON.parse(text) as object), imports }) };
}

/** No rule objects to this, though its comments and strings name nearly all that is forbidden. */
export const CLEAN: readonly TextFile[] = [
  {
    path: 'package.json',
    text: '{ "name": "tallystick", "devDependencies": { "vitest": "1.0.0" } }',
  },
  {
    path: 'decisions/0001-tools.md',
    text: [
      '- `vitest`: runs the tests, TypeScript included, without a build step.',
      '- `zod`: checks what arrives over HTTP and describes it in the same place.',
    ].join('\n'),
  },
  protocolManifest({
    '#sha256': { node: './src/sha256-node.ts', default: './src/sha256.ts' },
  }),
  {
    path: 'packages/protocol/src/index.ts',
    text: [
      "// Never import { x } from 'node:fs', nor read Date.now() or process.env here.",
      "const words = 'Math.random() fetch(url) new Date() parseFloat(x)';",
      "import type { Shape } from './shape.ts';",
      '/** Its fields are named like globals, its argument like another. */',
      'export function describe(process: Shape): string {',
      '  const fetch = { crypto: process.Date };',
      '  return `${words} ${fetch.crypto}`;',
      '}',
    ].join('\n'),
  },
  {
    path: 'packages/protocol/src/sha256.ts',
    text: "import { at } from '#sha256';\nexport const hashParts = at;\n",
  },
  {
    path: HASHING,
    text: "import { createHash, hash } from 'node:crypto';\nexport const at = [createHash, hash];\n",
  },
  { path: 'packages/protocol/src/shape.ts', text: 'export interface Shape { Date: string }\n' },
  {
    path: 'packages/protocol/src/index.test.ts',
    text: [
      "import { readFileSync } from 'node:fs';",
      "import { test } from 'vitest';",
      "import { describe } from './index.ts';",
      "const text = readFileSync(new URL('../../../spec/vectors.json', import.meta.url));",
      "test('only.skip', () => { describe({ Date: String(text) }); });",
    ].join('\n'),
  },
  manifest('wallet', ['@tallystick/protocol']),
  {
    path: 'packages/wallet/src/index.ts',
    text: "import { describe } from '@tallystick/protocol';\nexport const now = (ms: number): string => `${describe({ Date: new Date(ms).toISOString() })}`;\n",
  },
  {
    path: 'packages/wallet/src/node/file.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const read = (path: string): Buffer => readFileSync(path);\n",
  },
  manifest('backend', ['@tallystick/protocol', 'zod']),
  {
    path: 'packages/backend/src/index.ts',
    text: "import { z } from 'zod';\nexport const text = z.string();\n",
  },
  manifest('cli', ['@tallystick/backend']),
  {
    path: 'packages/cli/src/main.ts',
    text: "import { text } from '@tallystick/backend';\ntext.parse(process.env.HOME ?? String(Date.now()));\n",
  },
];

/** A violation of one new file; `line` is where the finding must point. */
function seed(rule: string, what: string, path: string, text: string, line = 1): Violation {
  return { rule, what, path, line, files: [{ path, text }] };
}

const PROTOCOL = 'packages/protocol/src/seed.ts';
const WALLET = 'packages/wallet/src/seed.ts';
const BACKEND = 'packages/backend/src/seed.ts';

export const VIOLATIONS: readonly Violation[] = [
  seed('readable', 'a file that does not parse', WALLET, 'export const = 1;\n'),

  seed(
    'layers',
    'a dependency that points upwards',
    'packages/backend/package.json',
    manifest('backend', ['@tallystick/protocol', 'zod', '@tallystick/cli']).text,
  ),
  {
    rule: 'layers',
    what: 'an import that points upwards, declared as it may be',
    path: WALLET,
    line: 1,
    files: [
      manifest('wallet', ['@tallystick/protocol', '@tallystick/backend']),
      { path: WALLET, text: "export { text } from '@tallystick/backend';\n" },
    ],
  },
  seed(
    'layers',
    'a package without a place',
    'packages/shop/package.json',
    manifest('shop', ['@tallystick/protocol']).text,
  ),

  seed(
    'declared',
    'an undeclared library',
    WALLET,
    "import { z } from 'zod';\nexport const a = z;\n",
  ),
  seed(
    'declared',
    'an undeclared package below',
    'packages/cli/src/seed.ts',
    "export const a = 1;\nexport { describe } from '@tallystick/protocol';\n",
    2,
  ),
  seed(
    'declared',
    'a tool of the root in a source',
    BACKEND,
    "import { test } from 'vitest';\nexport const a = test;\n",
  ),
  seed(
    'declared',
    'an undeclared dynamic import',
    WALLET,
    "export const a = await import('zod');\n",
  ),
  seed('declared', 'an undeclared type', WALLET, "export type A = import('zod').ZodType;\n"),
  seed(
    'declared',
    'an undeclared require',
    WALLET.replace('seed', 'node/seed'),
    "export const a = require('zod');\n",
  ),

  seed(
    'declared',
    'a name of its own that package.json does not know',
    WALLET,
    "export { hashParts } from '#sha256';\n",
  ),

  seed(
    'inside',
    'a name of its own that stands for a module of Node',
    'packages/protocol/package.json',
    protocolManifest({ '#sha256': { node: 'node:fs', default: './src/sha256.ts' } }).text,
  ),
  seed(
    'inside',
    'a name of its own that stands for no file',
    'packages/protocol/package.json',
    protocolManifest({ '#sha256': './src/sha512.ts' }).text,
  ),
  seed(
    'inside',
    'a deep import',
    WALLET,
    "export { describe } from '@tallystick/protocol/src/index.ts';\n",
  ),
  seed(
    'inside',
    'a relative import of another package',
    WALLET,
    "export { describe } from '../../protocol/src/index.ts';\n",
  ),
  seed(
    'inside',
    'a relative import from a test of the root',
    'tests/seed.test.ts',
    "import '../packages/cli/src/main.ts';\n",
  ),
  seed(
    'inside',
    'a URL into another package',
    WALLET,
    "export const a = new URL('../../protocol/src/x.json', import.meta.url);\n",
  ),
  seed('inside', 'an import that names no file', WALLET, "export { now } from './index.js';\n"),

  seed(
    'purity',
    'a module of Node',
    PROTOCOL,
    "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
  ),
  seed(
    'purity',
    'a module of Node without its prefix',
    PROTOCOL,
    "import { readFileSync } from 'fs';\nexport const a = readFileSync;\n",
  ),
  seed(
    'purity',
    'hashing of Node in another module than the one for it',
    PROTOCOL,
    "import { createHash } from 'node:crypto';\nexport const a = createHash;\n",
  ),
  ...[
    ['another function of the same module', "import { hash, hkdf } from 'node:crypto'"],
    ['all of the same module', "import * as hash from 'node:crypto'"],
    ['all of the same module by a good name', "import hash from 'node:crypto'"],
    ['another module of Node', "import { hash } from 'node:fs'"],
    ['the same module, handed on', "export * from 'node:crypto'"],
    ['the same module, loaded late', "export const a = await import('node:crypto')"],
  ].map(([what, text]) => seed('purity', `${what} where Node may hash`, HASHING, `${text};\n`)),
  seed('purity', 'the clock', PROTOCOL, 'export const a = Date.now();\n'),
  seed('purity', 'randomness', PROTOCOL, 'export const a = [Math.random()];\n'),
  seed(
    'purity',
    'randomness by its property name',
    PROTOCOL,
    "export const a = [Math['random']()];\n",
  ),
  seed(
    'purity',
    'a global beside a local of the same name',
    PROTOCOL,
    'const f = (crypto: string): string => crypto;\nexport const a = f(String(crypto.subtle));\n',
    2,
  ),
  seed('purity', 'a text codec', PROTOCOL, 'export const a = new TextEncoder();\n'),
  seed(
    'purity',
    'a way around',
    PROTOCOL,
    'export const a = (globalThis as { fetch?: unknown }).fetch;\n',
  ),

  seed(
    'portable',
    'a module of Node',
    WALLET,
    "import { randomBytes } from 'node:crypto';\nexport const a = randomBytes;\n",
  ),
  seed('portable', 'Buffer', WALLET, "export const a = Buffer.from('');\n"),
  seed(
    'portable',
    'a variable of Node in an environment of browsers',
    'packages/tre/src/keys-only/browser/index.ts',
    'export const a = process.pid;\n',
  ),

  seed('roots', 'the clock', BACKEND, 'export const a = Date.now();\n'),
  seed('roots', 'the clock as a date', BACKEND, 'export const a = new Date();\n'),
  seed(
    'roots',
    'randomness',
    BACKEND,
    'export const a = 1;\nexport const b = () => Math.random();\n',
    2,
  ),
  seed('roots', 'the environment', BACKEND, 'export const a = process.env.HOME;\n'),
  seed(
    'roots',
    'the environment taken apart',
    BACKEND,
    'const { env } = process;\nexport const a = env;\n',
  ),
  seed(
    'roots',
    'the environment as a module',
    BACKEND,
    "import { env } from 'node:process';\nexport const a = env;\n",
  ),
  seed(
    'roots',
    'a clock in a test of the protocol',
    'packages/protocol/src/seed.test.ts',
    'performance.now();\n',
  ),

  seed('money', 'parseFloat', BACKEND, "export const a = parseFloat('1.5');\n"),
  seed('money', 'Number.parseFloat', BACKEND, "export const a = Number.parseFloat('1.5');\n"),
  seed(
    'money',
    'toFixed',
    BACKEND,
    'export const a = (x: number): string => (x / 100).toFixed(2);\n',
  ),
  seed(
    'money',
    'Number of an amount',
    BACKEND,
    'export const a = (p: { amount: bigint }): number => Number(p.amount);\n',
  ),

  seed(
    'marks',
    'a mark in a comment',
    BACKEND,
    `export const a = 1;\n// ${spell('TO', 'DO')}: more\n`,
    2,
  ),
  seed('marks', 'a mark in a text', 'spec/seed.md', `# Title\n\n${spell('FIX', 'ME')}\n`, 3),
  seed(
    'marks',
    'a test that runs alone',
    'tests/seed.test.ts',
    "import { test } from 'vitest';\ntest.only('a', () => {});\n",
    2,
  ),
  seed(
    'marks',
    'a silenced group',
    'tests/seed.test.ts',
    "import { describe } from 'vitest';\ndescribe.skip.each([1])('a', () => {});\n",
    2,
  ),

  seed(
    'places',
    'the host of a registry',
    'spec/seed.md',
    `See https://${spell('registry', '.npmjs', '.org')}/x\n`,
  ),
  seed(
    'places',
    'a path of one machine',
    BACKEND,
    `export const a = '${spell('/', 'work', '/')}main';\n`,
  ),
  seed(
    'places',
    'the number of a ticket',
    'spec/seed.md',
    `one\ntwo, see ${spell('iss', 'ue')} #12\n`,
    2,
  ),

  seed(
    'reasons',
    'a dependency without a reason',
    'packages/wallet/package.json',
    manifest('wallet', ['@tallystick/protocol', 'left-pad']).text,
  ),
  {
    ...seed(
      'reasons',
      'a name alone is no reason',
      'decisions/0001-tools.md',
      '- `zod`\n- `vitest`: runs the tests, TypeScript included, at once.\n',
    ),
    path: 'packages/backend/package.json',
  },

  seed('length', 'a long source', BACKEND, 'export {};\n'.repeat(401), 401),
  seed(
    'length',
    'a long test',
    'packages/backend/src/seed.test.ts',
    'export {};\n'.repeat(601),
    601,
  ),

  seed(
    'docstrings',
    'a bare function',
    PROTOCOL,
    'export function bare(): number {\n  return 1;\n}\n',
  ),
  seed(
    'docstrings',
    'a comment that is no docstring',
    PROTOCOL,
    '// plain\nexport const bare = (): number => 1;\n',
    2,
  ),
];
