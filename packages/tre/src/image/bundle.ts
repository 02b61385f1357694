import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Bytes } from '@tallystick/protocol';
import { build } from 'esbuild';

/** The trusted application as one file that any engine loads. */
export interface TrustedAppImage {
  /** A script that defines `tallystick.call`; ASCII. */
  readonly code: Bytes;
  /** SHA-256 of the code: the measurement that certificates and policies speak of. */
  readonly measurement: Bytes;
}

/**
 * Bundles the trusted application. The same sources give the same bytes on every machine, in every
 * folder: nothing of the surroundings gets into them.
 */
export async function bundleTrustedApp(): Promise<TrustedAppImage> {
  const code = await bundleScript(new URL('./main.ts', import.meta.url));
  return { code, measurement: new Uint8Array(createHash('sha256').update(code).digest()) };
}

/** Bundles a module and all it imports into a script that defines `tallystick`, its exports. */
export async function bundleScript(entry: URL): Promise<Bytes> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'tallystick',
    platform: 'neutral',
    // Settings for the compiler, found in a folder above or not, must not get into the image.
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
    // What QuickJS and every browser of the last years understand.
    target: 'es2022',
    charset: 'ascii',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`nothing was bundled from ${entry.href}`);
  return new Uint8Array(file.contents);
}
