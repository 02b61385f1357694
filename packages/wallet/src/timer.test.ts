import { expect, test } from 'vitest';
import { platformTimer } from './timer.ts';

test('a platform’s clock and alarms become a timer', async () => {
  const alarms = new Map<number, { readonly ms: number; readonly ring: () => void }>();
  const timer = platformTimer<number>({
    nowMs: () => 1_790_000_000_999,
    setTimeout: (ring, ms) => {
      alarms.set(alarms.size, { ms, ring });
      return alarms.size - 1;
    },
    clearTimeout: (handle) => alarms.delete(handle),
  });
  expect(timer.now()).toBe(1_790_000_000);
  const [first, second] = [timer.after(20), timer.after(30)];
  first.cancel();
  expect([...alarms.values()].map(({ ms }) => ms)).toEqual([30]);
  alarms.get(1)?.ring();
  await second.rang;
});

test('what it is given is called by itself, as a browser’s own functions must be', () => {
  const seen: unknown[] = [];
  const spying = (result: number) =>
    function (this: unknown): number {
      seen.push(this);
      return result;
    };
  const timer = platformTimer({
    nowMs: spying(1_000),
    setTimeout: spying(1),
    clearTimeout: spying(0),
  });
  timer.now();
  timer.after(1).cancel();
  expect(seen).toEqual([undefined, undefined, undefined]);
});
