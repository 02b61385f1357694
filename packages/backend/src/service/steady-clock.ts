import type { Seconds } from '@tallystick/protocol';

/**
 * A clock that never goes back: not when the machine's clock is set back, nor, from `start` on,
 * behind what was signed before a restart. Devices never take a time back either (TS-TIM-2).
 */
export function steadyClock(clock: () => Seconds, start: Seconds): () => Seconds {
  let latest = start;
  return () => {
    latest = Math.max(latest, clock());
    return latest;
  };
}
