import { fileURLToPath } from 'node:url';
import type { Bytes } from '@tallystick/protocol';
import { build } from 'esbuild';

/**
 * Bundles a program for browsers into one file; anything of Node in it is an error.
 *
 * @param constants values that the program declares, and that are put in here
 */
export async function bundleForBrowser(
  entry: URL,
  constants: Readonly<Record<string, unknown>> = {},
): Promise<Bytes> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    loader: { '.wasm': 'binary' },
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`nothing was bundled from ${entry.href}`);
  return new Uint8Array(file.contents);
}
