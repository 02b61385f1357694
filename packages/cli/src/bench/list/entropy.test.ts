import { expect, test } from 'vitest';
import { entropyBytes } from './entropy.ts';

test('the entropy of a set is the logarithm of how many there are', () => {
  expect(entropyBytes(10, 0)).toBe(0);
  expect(entropyBytes(256, 1)).toBeCloseTo(1, 12);
  // Ten pairs can be taken from five, and all five in one way.
  expect(entropyBytes(5, 2)).toBeCloseTo(Math.log2(10) / 8, 12);
  expect(entropyBytes(5, 5)).toBeCloseTo(0, 12);
});
