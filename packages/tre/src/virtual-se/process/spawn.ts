import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const BUILD_FOLDER = fileURLToPath(new URL('../../../build/', import.meta.url));
const MACHINE = 'quickjs-emscripten';
const MACHINE_PACKAGES = [MACHINE, `${MACHINE}-core`, '@jitl'];

/**
 * Starts a process for one element with Node's permission model on: it can read its own program and the
 * machine's, write nothing, start nothing, load no native code, and sees no variable of ours. Node's model
 * does not take the network away.
 */
export async function spawnElement(program?: string): Promise<ChildProcess> {
  bundled ??= bundleProgram();
  const file = program ?? (await bundled);
  const machine = createRequire(import.meta.url).resolve(MACHINE);
  const modules = machine.slice(0, machine.lastIndexOf(`${sep}${MACHINE}${sep}`));
  const readable = [file, ...MACHINE_PACKAGES.map((name) => join(modules, name, '*'))];
  return fork(file, [], {
    execArgv: [
      '--permission',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      '--no-warnings',
    ],
    serialization: 'advanced',
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

let bundled: Promise<string> | null = null;

/** The element's program as one file: it starts sooner than its sources, and reads nothing else. */
async function bundleProgram(): Promise<string> {
  const machine = pathToFileURL(createRequire(import.meta.url).resolve(MACHINE)).href;
  const { outputFiles } = await build({
    entryPoints: [MAIN],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
    logLevel: 'silent',
    plugins: [
      {
        name: 'machine',
        setup: (bundling) => {
          const filter = new RegExp(`^${MACHINE}$`);
          bundling.onResolve({ filter }, () => ({ path: machine, external: true }));
        },
      },
    ],
  });
  await mkdir(BUILD_FOLDER, { recursive: true });
  const path = join(BUILD_FOLDER, 'virtual-se.mjs');
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, outputFiles[0]?.contents ?? new Uint8Array(0));
  // At once, since other processes may be starting elements at this moment.
  await rename(beside, path);
  return path;
}
