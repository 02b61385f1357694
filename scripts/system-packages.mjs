/**
 * The Debian packages that some tests need and npm does not have.
 *
 * Plain JavaScript on purpose, like the bootstrap that calls it. What is missing is installed where
 * that is possible without asking (root, and apt-get there); elsewhere one line says what to do, and
 * the tests that need it skip visibly, or fail where CI is set.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} SystemPackage
 * @property {string} name of the Debian package
 * @property {string} shownBy a file that is there when the package is
 */

/** @type {readonly SystemPackage[]} */
export const SYSTEM_PACKAGES = [
  // The independent reader, spec/reader.
  { name: 'python3-cbor2', shownBy: '/usr/lib/python3/dist-packages/cbor2/__init__.py' },
  {
    name: 'python3-cryptography',
    shownBy: '/usr/lib/python3/dist-packages/cryptography/__init__.py',
  },
  // The exhaustive model, spec/model: Spin writes its verifier in C.
  { name: 'spin', shownBy: '/usr/bin/spin' },
  { name: 'gcc', shownBy: '/usr/bin/gcc' },
  { name: 'libc6-dev', shownBy: '/usr/include/stdio.h' },
  // Environments whose keys a TPM holds, packages/tre.
  { name: 'swtpm', shownBy: '/usr/bin/swtpm' },
  { name: 'swtpm-tools', shownBy: '/usr/bin/swtpm_setup' },
  // The environment in a smartcard: PC/SC, virtual readers, and the headers that its package is built with.
  { name: 'pcscd', shownBy: '/usr/sbin/pcscd' },
  { name: 'vsmartcard-vpcd', shownBy: '/usr/lib/pcsc/drivers/serial/libifdvpcd.so' },
  { name: 'libpcsclite-dev', shownBy: '/usr/include/PCSC/winscard.h' },
  { name: 'iproute2', shownBy: '/usr/bin/ip' },
  { name: 'util-linux', shownBy: '/usr/bin/nsenter' },
  // The environments in browsers, packages/tre.
  { name: 'chromium', shownBy: '/usr/bin/chromium' },
];

/** A mirror that does not answer must not keep the tests from starting. */
const UPDATE_MS_MAX = 120_000;
const INSTALL_MS_MAX = 300_000;

/**
 * Which packages are not here.
 *
 * @param {readonly SystemPackage[]} packages
 * @returns {string[]} their names
 */
export function missingPackages(packages = SYSTEM_PACKAGES) {
  return packages.filter(({ shownBy }) => !existsSync(shownBy)).map(({ name }) => name);
}

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {number} timeout in milliseconds
 * @returns {string | undefined} what went wrong, if anything
 */
function apt(args, env, timeout) {
  const { status, error, stderr } = spawnSync(
    'apt-get',
    // Another apt may hold the lock for a while, on machines that update themselves.
    ['--quiet=2', '-o', 'DPkg::Lock::Timeout=60', '-o', 'Acquire::Retries=2', ...args],
    {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout,
      // apt-get ends its own children on this one, and leaves dpkg in order.
      killSignal: 'SIGINT',
    },
  );
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : (stderr.trim().split('\n').at(-1) ?? '');
}

/**
 * Installs what is missing, if we may, and says on stderr what it does or what is to be done.
 *
 * @param {object} [host] what to look at, for tests; the machine itself by default
 * @param {readonly SystemPackage[]} [host.packages]
 * @param {boolean} [host.isRoot]
 * @param {NodeJS.ProcessEnv} [host.env]
 * @param {(line: string) => void} [host.say]
 * @returns {string[]} the names of those that are still missing
 */
export function ensureSystemPackages({
  packages = SYSTEM_PACKAGES,
  isRoot = process.getuid?.() === 0,
  env = process.env,
  say = console.error,
} = {}) {
  const missing = missingPackages(packages);
  if (missing.length === 0) return [];
  const names = missing.join(' ');
  const byHand = `install them with \`apt-get install ${names}\`; what needs them is skipped, or says so`;
  const hasApt = (env.PATH ?? '')
    .split(delimiter)
    .some((path) => existsSync(join(path, 'apt-get')));
  if (!isRoot || !hasApt) {
    say(`tallystick: the Debian packages ${names} are not here; ${byHand}`);
    return missing;
  }
  say(`tallystick: installing the Debian packages ${names} (up to a minute) ...`);
  // An index that cannot be renewed may still do: the install itself is what decides.
  apt(['update'], env, UPDATE_MS_MAX);
  const problem = apt(
    ['install', '--yes', '--no-install-recommends', ...missing],
    env,
    INSTALL_MS_MAX,
  );
  const left = missingPackages(packages);
  if (left.length > 0) {
    say(
      `tallystick: could not install ${left.join(' ')} (${problem ?? 'not where expected'}); ${byHand}`,
    );
  }
  return left;
}

/**
 * As a program: `node scripts/system-packages.mjs swtpm pcscd` makes sure of these.
 *
 * @param {readonly string[]} names
 * @returns {number} the exit code
 */
function main(names) {
  const unknown = names.filter((name) => !SYSTEM_PACKAGES.some((each) => each.name === name));
  if (unknown.length > 0) {
    console.error(`tallystick: no test or environment needs ${unknown.join(' ')}`);
    return 2;
  }
  const packages = SYSTEM_PACKAGES.filter(({ name }) => names.includes(name));
  return ensureSystemPackages({ packages }).length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));
