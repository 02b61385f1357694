import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** Carries a 2 kB frame over QR texts and back over a memory pair, in whatever engine runs it. */
const PROGRAM = `
  import { memoryPair, qrReceiver, qrSender } from './index.ts';

  async function main() {
    const frame = Uint8Array.from({ length: 2000 }, (_, index) => (index * 31) & 255);
    const receiver = qrReceiver();
    await qrSender((code) => {
      for (let index = 0; index < code.parts * 3; index += 2) receiver.scanned(code.text(index));
    }).send(frame);
    const { a, b } = memoryPair();
    await a.send(await receiver.transport.receive());
    return String(await b.receive()) === String(frame);
  }
  globalThis.finished = main();
`;

test('bundled for a browser, the transports run without Buffer, process or any Node module', async () => {
  const bundle = await build({
    stdin: { contents: PROGRAM, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    write: false,
    logLevel: 'silent',
  });
  const code = bundle.outputFiles[0]?.text ?? '';
  // What every browser has, and no more.
  const page = createContext({ TextEncoder, TextDecoder, URL });
  expect(runInContext('typeof Buffer + typeof process + typeof require', page)).toBe(
    'undefined'.repeat(3),
  );
  runInContext(code, page);
  expect(await runInContext('finished', page)).toBe(true);
});
