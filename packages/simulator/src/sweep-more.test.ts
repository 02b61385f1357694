import { createNativeVerifier } from '@tallystick/backend';
import { describe, expect, it } from 'vitest';
import { simulate } from './index.ts';

const verify = createNativeVerifier(1_000);
const SEEDS = Array.from({ length: 50 }, (_, index) => String(index + 51));

describe('fifty more worlds of 2,000 steps keep every promise', () => {
  it.each(SEEDS)('seed %s', async (seed) => {
    const { violations, backend, steps, payments } = await simulate({ seed, steps: 2_000, verify });
    expect({ seed, violations }).toEqual({ seed, violations: [] });
    expect(backend.balanced).toBe(true);
    expect(steps).toBe(2_000);
    expect(payments.accepted).toBeGreaterThan(20);
  });
});
