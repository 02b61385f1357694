import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { ownUser } from './own-user.ts';
import { letGo, type TpmLine } from '../tpm/transport.ts';

/** An element's program. */
export interface ElementProgram {
  /** Its first module; its folder names it. */
  readonly main: URL;
  /** A package that it loads as it lies, with its address, since that is more than one module. */
  readonly outside?: { readonly name: string; readonly address: string };
  /** What it may read besides itself. */
  readonly readable?: readonly string[];
}

const BUILD_FOLDER = fileURLToPath(new URL('../../build/', import.meta.url));

/**
 * Starts a process for one element with Node's permission model on: it can read its own program and its
 * packages, write nothing, start nothing, load no native code, and sees no variable of ours. Where this
 * process is root, that one is a user of its own. Node's model does not take the network away.
 *
 * @param line a way to a TPM that becomes the process's, and this one's no more
 */
export async function spawnElement(program: ElementProgram, line?: TpmLine): Promise<ChildProcess> {
  const { main, readable = [] } = program;
  const known = bundled.get(main.href) ?? bundle(program);
  bundled.set(main.href, known);
  const child = forkConfined(await known, readable, line);
  if (line !== undefined) await letGo(line);
  return child;
}

/** Starts a program in the confinement of an element. */
export function forkConfined(
  file: string,
  readable: readonly string[] = [],
  line?: TpmLine,
): ChildProcess {
  const uid = ownUser([process.execPath, file]);
  return fork(file, [], {
    ...(uid === null ? {} : { uid, gid: uid }),
    execArgv: [
      '--permission',
      ...[file, ...readable].map((path) => `--allow-fs-read=${path}`),
      '--no-warnings',
    ],
    serialization: 'advanced',
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', ...(line === undefined ? [] : [line])],
  });
}

const bundled: Map<string, Promise<string>> = new Map();

/** The element's program as one file: it starts sooner than its sources, and reads nothing else. */
async function bundle({ main, outside }: ElementProgram): Promise<string> {
  const name = basename(join(fileURLToPath(main), '..'));
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(main)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
    logLevel: 'silent',
    plugins: outside === undefined ? [] : [asItLies(outside)],
  });
  await mkdir(BUILD_FOLDER, { recursive: true });
  const path = join(BUILD_FOLDER, `${name}.mjs`);
  const beside = `${path}.${process.pid}`;
  await writeFile(beside, outputFiles[0]?.contents ?? new Uint8Array(0));
  // At once, since other processes may be starting elements at this moment.
  await rename(beside, path);
  return path;
}

function asItLies({ name, address }: NonNullable<ElementProgram['outside']>): Plugin {
  return {
    name,
    setup: (bundling) => {
      bundling.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({
        path: address,
        external: true,
      }));
    },
  };
}
