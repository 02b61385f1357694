import { expect, test } from 'vitest';
import { countsLine, isCounts } from './counts.ts';

test('the line names skipped tests only when there are some', () => {
  expect(countsLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(countsLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
});

test('counts are told from other messages', () => {
  expect(isCounts({ passed: 1, failed: 0, skipped: 0 })).toBe(true);
  expect(isCounts({ passed: 1 })).toBe(false);
  expect(isCounts('passed')).toBe(false);
  expect(isCounts(null)).toBe(false);
});
