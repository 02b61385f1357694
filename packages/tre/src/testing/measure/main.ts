/**
 * Measures what it costs to run the trusted application in a bare engine. Prints a JSON array of
 * `name`, `value`, `unit`.
 */
import { gzipSync } from 'node:zlib';
import { ES256 } from '@tallystick/protocol';
import type { Boot } from '../../core.ts';
import { bundleScript, bundleTrustedApp } from '../../image/bundle.ts';
import { bootImage } from '../../image/outside.ts';
import { nativeVerifier } from '../../plain-process/index.ts';
import { TEST_IDENTITY } from '../identity.ts';
import { openPair, payOnce, type StoryOptions } from '../payment-story.ts';
import { bareEngine } from '../../virtual-se/bare-engine.ts';
import type { BareEngine } from '../../virtual-se/engine.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const rows: Row[] = [];
/** Within what the scheme lets a purse pay before it syncs. */
const ROUNDS = 15;

/** Median, since the first rounds warm up. */
async function time(name: string, run: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    await run();
    times.push(performance.now() - startedMs);
  }
  const median = times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0;
  rows.push({ name, value: Math.round(median * 100) / 100, unit: 'ms' });
}

async function timePayment(name: string, options: StoryOptions): Promise<void> {
  const pair = await openPair(ES256, options);
  await time(name, () => payOnce(pair, 1n));
}

const image = await bundleTrustedApp();
const engines: BareEngine[] = [];
const bootInside: Boot = async (held) => {
  const engine = await bareEngine(image.code);
  engines.push(engine);
  return bootImage((call) => engine.call('call', call), TEST_IDENTITY)(held);
};
const everything = await bundleScript(new URL('../story/main.ts', import.meta.url));
const world = await bareEngine(everything);

rows.push({ name: 'image', value: image.code.length, unit: 'bytes' });
rows.push({ name: 'image, gzip', value: gzipSync(image.code, { level: 9 }).length, unit: 'bytes' });
rows.push({ name: 'image with host and cryptography', value: everything.length, unit: 'bytes' });
await time('bundling the image', bundleTrustedApp);
await time('loading the image into an engine', async () =>
  (await bareEngine(image.code)).dispose(),
);
const verify = nativeVerifier(16);
await timePayment('payment in Node', {});
await timePayment('payment in Node, native verification', { verify });
await timePayment('payment in two bare engines, cryptography in Node', { boot: bootInside });
await timePayment('payment in two bare engines, native verification', { boot: bootInside, verify });
await time('payment with everything in one bare engine', () =>
  Promise.resolve(world.call('pay', new Uint8Array(1))),
);
for (const [index, engine] of engines.slice(0, 2).entries()) {
  const name = `memory of the ${index === 0 ? 'payer' : 'payee'}'s engine`;
  rows.push({ name, value: engine.memoryBytes, unit: 'bytes' });
}
for (const engine of [...engines, world]) engine.dispose();
process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`);
