import { expect, test } from 'vitest';
import { decoderFiles } from './decoder-site.ts';

test('the files of the reader: the same each time, and nothing of them may reach the network', async () => {
  const files = await decoderFiles();
  expect(await decoderFiles()).toEqual(files);
  const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  expect(files.map(({ path, headers }) => [path, headers['Content-Security-Policy']])).toEqual([
    ['/decoder.worker.js', `${nothing}; script-src 'wasm-unsafe-eval'`],
    ['/zxing_reader.wasm', nothing],
  ]);
  expect(files.map(({ headers }) => headers['Content-Type'])).toEqual([
    'text/javascript; charset=utf-8',
    'application/wasm',
  ]);
  for (const { headers } of files) {
    expect(headers).toMatchObject({
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
  }
  const [worker, wasm] = files;
  expect(worker?.bytes.length).toBeLessThan(98_304);
  expect(String.fromCharCode(...(wasm?.bytes.subarray(0, 4) ?? []))).toBe('\0asm');
});
