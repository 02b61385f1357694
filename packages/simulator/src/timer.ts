import type { Seconds } from '@tallystick/protocol';
import type { Timer } from '@tallystick/wallet';
import type { Schedule } from './schedule.ts';

/** A device's timer on simulated time, and its own clock, which may be wrong. */
export function simulatedTimer(schedule: Schedule, now: () => Seconds): Timer {
  return {
    now,
    after: (ms) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = schedule.after(ms, resolve);
      return { rang: promise, cancel: () => void cancel() };
    },
  };
}
