import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** A program of a process that this package starts. */
export interface Program {
  /** Its first module; its folder names it. */
  readonly main: URL;
  /** A package that it loads as it lies, with its address, since that is more than one module. */
  readonly outside?: { readonly name: string; readonly address: string };
}

const BUILD_FOLDER = fileURLToPath(new URL('../../build/', import.meta.url));
const bundled: Map<string, Promise<string>> = new Map();

/** A program as one file: it starts sooner than its sources, and reads nothing else. The file's path. */
export function bundleProgram(program: Program): Promise<string> {
  const { href } = program.main;
  const known = bundled.get(href) ?? bundle(program);
  bundled.set(href, known);
  return known;
}

async function bundle({ main, outside }: Program): Promise<string> {
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

function asItLies({ name, address }: NonNullable<Program['outside']>): Plugin {
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
