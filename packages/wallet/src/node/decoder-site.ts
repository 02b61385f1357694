import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bundleForBrowser, fileHeaders, scriptHeaders, type SiteFile } from '@tallystick/tre/site';

const WORKER = new URL('../browser/decoder.worker.ts', import.meta.url);

/**
 * The static files of the reader of codes, to be served at an app's own origin: the worker, which may compile and
 * has no network, and the machine that the page fetches for it.
 */
export async function decoderFiles(): Promise<readonly SiteFile[]> {
  const { resolve } = createRequire(import.meta.url);
  const wasm = await readFile(resolve('zxing-wasm/reader/zxing_reader.wasm'));
  return [
    {
      path: '/decoder.worker.js',
      bytes: await bundleForBrowser(WORKER),
      headers: scriptHeaders({ 'script-src': "'wasm-unsafe-eval'" }),
    },
    {
      path: '/zxing_reader.wasm',
      bytes: new Uint8Array(wasm),
      headers: fileHeaders('application/wasm'),
    },
  ];
}
