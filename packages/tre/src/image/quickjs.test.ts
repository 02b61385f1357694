import { ED25519, ES256, encodeCbor, toHex } from '@tallystick/protocol';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checksFor } from '../conformance.ts';
import type { Boot } from '../core.ts';
import { nativeVerifier } from '../plain-process/index.ts';
import { TEST_IDENTITY } from '../testing/identity.ts';
import { memorySpecimens } from '../testing/memory-specimen.ts';
import { paymentStory } from '../testing/payment-story.ts';
import { bareEngine } from '../virtual-se/bare-engine.ts';
import type { BareEngine } from '../virtual-se/engine.ts';
import { bundleScript, bundleTrustedApp } from './bundle.ts';
import { bootImage } from './outside.ts';

let image: Uint8Array;
const engines: BareEngine[] = [];

beforeAll(async () => {
  image = (await bundleTrustedApp()).code;
});

afterEach(() => {
  for (const engine of engines.splice(0)) engine.dispose();
});

async function load(code: Uint8Array): Promise<BareEngine> {
  const engine = await bareEngine(code);
  engines.push(engine);
  return engine;
}

/** Boots the image in a bare engine of its own. */
const bootInside: Boot = async (held) => {
  const engine = await load(image);
  return bootImage((call) => engine.call('call', call), TEST_IDENTITY)(held);
};

describe('the trusted application in a bare engine conforms (TS-TRE)', () => {
  for (const check of checksFor(['faults', 'power', 'clock', 'ed25519'])) {
    it(`${check.name} (${check.clause})`, async () => {
      await expect(check.run(memorySpecimens({ boot: bootInside }))).resolves.toBeUndefined();
    });
  }
});

describe.each([ES256, ED25519] as const)('a whole payment with algorithm %i', (alg) => {
  it('gives the same bytes with the trusted applications in bare engines, cryptography outside', async () => {
    const outside = await paymentStory(alg);
    const inside = await paymentStory(alg, { boot: bootInside, verify: nativeVerifier(16) });
    expect(toHex(inside)).toBe(toHex(outside));
  });

  it('gives the same bytes with everything in a bare engine', async () => {
    const outside = await paymentStory(alg);
    const engine = await load(
      await bundleScript(new URL('../testing/story/main.ts', import.meta.url)),
    );
    expect(toHex(engine.call('story', encodeCbor(alg)))).toBe(toHex(outside));
  });
});
