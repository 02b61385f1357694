import { afterEach, expect, test, vi } from 'vitest';
import { takeLock } from './lock.ts';

// The platform's own locks, in Node as in a browser.
afterEach(() => vi.unstubAllGlobals());

/** A browser with much else to do. */
function answerLate(ms: number): void {
  const { locks } = navigator;
  const request = async (name: string, options: object, taken: never): Promise<unknown> => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return locks.request(name, options, taken);
  };
  vi.stubGlobal('navigator', { locks: { request } });
}

test('a lock is for one at a time', async () => {
  const release = await takeLock('one');
  expect(release).not.toBeNull();
  expect(await takeLock('one', 1)).toBeNull();
  expect(await takeLock('other', 1)).not.toBeNull();
  release?.();
  expect(await takeLock('one', 1)).not.toBeNull();
});

test('a lock that comes free while somebody waits is theirs', async () => {
  const release = await takeLock('waited for');
  const waiting = takeLock('waited for', 60_000);
  release?.();
  expect(await waiting).not.toBeNull();
});

test('a browser that answers late keeps nobody from a free lock', async () => {
  answerLate(50);
  expect(await takeLock('late', 1)).not.toBeNull();
});
