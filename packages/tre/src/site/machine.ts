import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Bytes } from '@tallystick/protocol';

/** The virtual machine's WebAssembly, for an app that runs images in its own page. */
export async function machineFile(): Promise<Bytes> {
  const { resolve } = createRequire(import.meta.url);
  return new Uint8Array(await readFile(resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
}
