/**
 * `npm test` and `npm start` on a fresh clone.
 *
 * Plain JavaScript on purpose: before the install, the only Node there is may be version 20, which
 * cannot run TypeScript. This file installs what the lock file asks for if it is not there yet, and
 * hands over to the Node of node_modules.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from './installed.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(ROOT, 'node_modules', '.bin');
const NODE = join(
  ROOT,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @type {Record<string, string[]>} what to run with the Node of node_modules */
const TARGETS = {
  start: ['packages/cli/src/main.ts', 'serve'],
  test: ['scripts/check.ts'],
};

/**
 * Runs a command to its end and resolves with its exit code; our signals become its signals.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  // Ctrl-C on a terminal reaches the whole process group, the child included: passing it on would
  // deliver it twice, and many programs take a second one as "stop at once".
  const passOn = (/** @type {NodeJS.Signals} */ signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`cannot run ${command}: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, passOn);
      // A shell reports a death by signal as 128 plus its number; so do we.
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/**
 * @param {string} path
 * @returns {import('./installed.mjs').Lock | undefined} nothing when there is no such file
 */
function readLock(path) {
  if (!existsSync(path)) return undefined;
  return /** @type {import('./installed.mjs').Lock} */ (JSON.parse(readFileSync(path, 'utf8')));
}

/** Whether node_modules holds what the lock file asks for, Node itself included. */
function isReady() {
  const locked = readLock(join(ROOT, 'package-lock.json'));
  const installed = readLock(join(ROOT, 'node_modules', '.package-lock.json'));
  return isInstalled(locked, installed) && existsSync(NODE) && !couldBuildMore(locked);
}

/**
 * npm leaves out an optional package that it could not build. The one for smartcards needs headers, which may
 * have come since.
 *
 * @param {import('./installed.mjs').Lock | undefined} locked
 */
function couldBuildMore(locked) {
  const isWanted = locked?.packages['node_modules/smartcard'] !== undefined;
  const isBuilt = existsSync(
    join(ROOT, 'node_modules/smartcard/build/Release/smartcard_napi.node'),
  );
  return isWanted && !isBuilt && existsSync('/usr/include/PCSC/winscard.h');
}

/**
 * `npm ci` with the npm that runs us, so that its configuration and its Node stay the same.
 *
 * @returns {Promise<number>} its exit code
 */
async function install() {
  console.error(
    'tallystick: installing the packages of package-lock.json (about half a minute) ...',
  );
  const startedMs = performance.now();
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // No input, and its output on stderr: stdout belongs to what runs afterwards.
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', 2, 2];
  const code = npm
    ? await run(process.env.npm_node_execpath ?? process.execPath, [npm, ...args], { stdio })
    : await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { stdio });
  if (code === 0 && !existsSync(NODE)) {
    console.error(
      'tallystick: the packages are here but Node 24 is not: its install script did not run. ' +
        'Allow install scripts (npm config set ignore-scripts false) and run `npm ci` again.',
    );
    return 1;
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  if (code === 0) console.error(`tallystick: installed in ${seconds} s`);
  else console.error('tallystick: `npm ci` failed; see its message above, then run this again');
  return code;
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main([name = '', ...rest]) {
  const target = TARGETS[name];
  if (target === undefined) {
    console.error(`usage: node scripts/bootstrap.mjs ${Object.keys(TARGETS).join('|')}`);
    return 2;
  }
  if (name === 'test') ensureSystemPackages();
  if (!isReady()) {
    const code = await install();
    if (code !== 0) return code;
  }
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` };
  return run(NODE, [...target, ...rest], { env });
}

process.exitCode = await main(process.argv.slice(2));
