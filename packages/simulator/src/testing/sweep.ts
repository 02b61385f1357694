import { createNativeVerifier } from '@tallystick/backend';
import { describe, expect, it } from 'vitest';
import { simulate } from '../index.ts';
import { createNativeSigner } from '../native-sign.ts';

const verify = createNativeVerifier(1_000);
// The very bytes of the software signer, several times as fast.
const sign = createNativeSigner();

/** Worlds of 2,000 steps from consecutive seeds. In several files, so that every core has some. */
export function sweep(from: number, to: number): void {
  const seeds = Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
  describe(`worlds of 2,000 steps, seeds ${from} to ${to}, keep every promise`, () => {
    it.each(seeds)('seed %s', async (seed) => {
      const world = await simulate({ seed, steps: 2_000, verify, sign });
      expect({ seed, violations: world.violations }).toEqual({ seed, violations: [] });
      expect(world.backend.balanced).toBe(true);
      expect(world.steps).toBe(2_000);
      expect(world.payments.accepted).toBeGreaterThan(20);
    });
  });
}
