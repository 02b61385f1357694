import type { Seconds } from '@tallystick/protocol';
import type { Timer } from '@tallystick/wallet';
import type { Schedule } from './schedule.ts';

/** A device's timer on simulated time, and its clock, which may be set wrong by `offset` seconds. */
export function simulatedTimer(schedule: Schedule, offset: () => Seconds): Timer {
  return {
    now: () => Math.max(0, schedule.nowSeconds + offset()),
    after: (ms) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = schedule.after(ms, resolve);
      return { rang: promise, cancel: () => void cancel() };
    },
  };
}
