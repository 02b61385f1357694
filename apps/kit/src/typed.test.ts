import { expect, test } from 'vitest';
import { typed } from './typed.ts';

test('digits come in from the right, and stop at the most there may be', () => {
  expect(typed(0n, '1', 10_000n)).toBe(1n);
  expect(typed(1n, '00', 10_000n)).toBe(100n);
  expect(typed(100n, '00', 10_000n)).toBe(10_000n);
  expect(typed(10_000n, '0', 10_000n)).toBe(10_000n);
  expect(typed(0n, '00', 10_000n)).toBe(0n);
});
