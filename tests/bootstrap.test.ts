import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../scripts', import.meta.url));
const LOCK = JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } });

/** Stands in for npm: notes how it was called, and "installs" what the lock file asks for. */
const NPM = `
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
console.error('npm called with ' + process.argv.slice(2).join(' '));
if (process.env.BREAK_NPM) process.exit(3);
mkdirSync('node_modules/node/bin', { recursive: true });
if (!process.env.FORGET_NODE) symlinkSync(process.execPath, 'node_modules/node/bin/node');
cpSync('package-lock.json', 'node_modules/.package-lock.json');
`;

/** Stands in for the command: says what it was given, then waits for a signal or leaves with 7. */
const MAIN = `
console.log('main called with ' + process.argv.slice(2).join(' '));
if (process.argv[3] !== 'wait') process.exit(7);
const wait = setInterval(() => {}, 1000);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => { console.log('main got ' + signal); clearInterval(wait); process.exitCode = 5; });
}
console.log('ready');
`;

let root = '';
let children: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tallystick-bootstrap-'));
  for (const name of ['bootstrap.mjs', 'installed.mjs', 'system-packages.mjs']) {
    cpSync(join(SCRIPTS, name), join(root, 'scripts', name));
  }
  put('package-lock.json', LOCK);
  put('npm.mjs', NPM);
  put('packages/cli/src/main.ts', MAIN);
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  rmSync(root, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function install(lock: string): void {
  put('node_modules/.package-lock.json', lock);
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'));
}

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly code: Promise<number | null>;
}

function bootstrap(args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(root, 'scripts/bootstrap.mjs'), ...args], {
    env: { ...process.env, npm_execpath: join(root, 'npm.mjs'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const code = once(child, 'close').then(([value]) => value as number | null);
  return { child, output: () => output, code };
}

describe('the bootstrap', () => {
  test('hands over at once when everything is installed', async () => {
    install(LOCK);
    const run = bootstrap(['start', '--port', '0']);
    expect(await run.code).toBe(7);
    expect(run.output()).toBe('main called with serve --port 0\n');
  });

  test('installs first on a fresh clone', async () => {
    const run = bootstrap(['start']);
    expect(await run.code).toBe(7);
    expect(run.output()).toMatch(/npm called with ci .*installed in \d+ s\n.*main called with/s);
  });

  test('installs again when the lock file asks for another version', async () => {
    install(LOCK.replace('1.0.0', '0.9.0'));
    const run = bootstrap(['start'], { FORGET_NODE: 'yes' });
    expect(await run.code).toBe(7);
    expect(run.output()).toContain('npm called with ci');
  });

  test('stops when the install fails, with its exit code', async () => {
    const run = bootstrap(['start'], { BREAK_NPM: 'yes' });
    expect(await run.code).toBe(3);
    expect(run.output()).toContain('`npm ci` failed');
    expect(run.output()).not.toContain('main called');
  });

  test('says what to do when install scripts are off and Node did not come', async () => {
    const run = bootstrap(['start'], { FORGET_NODE: 'yes' });
    expect(await run.code).toBe(1);
    expect(run.output()).toContain('Allow install scripts');
  });

  test('refuses a target it does not know', async () => {
    install(LOCK);
    const run = bootstrap(['dance']);
    expect(await run.code).toBe(2);
    expect(run.output()).toContain('start|test');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'passes %s on and waits for a clean end',
    async (signal) => {
      install(LOCK);
      const run = bootstrap(['start', 'wait']);
      await expect.poll(run.output, { timeout: 30_000 }).toContain('ready');
      run.child.kill(signal);
      expect(await run.code).toBe(5);
      expect(run.output()).toContain(`main got ${signal}`);
    },
  );
});
