import type { Seconds } from '@tallystick/protocol';

/** An alarm that rings once, unless it is cancelled first. */
export interface Alarm {
  readonly rang: Promise<void>;
  /** After this it never rings. */
  cancel(): void;
}

/** The only way in which the wallet knows of time. */
export interface Timer {
  /** The local clock, in seconds since 1970. It may lie: the purse never trusts it to raise its floor. */
  now(): Seconds;
  after(ms: number): Alarm;
}

/** What every platform with a clock offers. `nowMs` is `Date.now`. */
export interface Platform<Handle> {
  readonly nowMs: () => number;
  readonly setTimeout: (ring: () => void, ms: number) => Handle;
  readonly clearTimeout: (handle: Handle) => void;
}

/**
 * A timer on the platform's own clock.
 *
 * @example
 * ```ts
 * import { platformTimer, type Timer } from '@tallystick/wallet';
 *
 * export const timer: Timer = platformTimer({
 *   nowMs: Date.now,
 *   setTimeout,
 *   clearTimeout,
 * });
 * ```
 */
export function platformTimer<Handle>(platform: Platform<Handle>): Timer {
  // Called by themselves: a browser's own refuse to be called as methods of something else.
  const { nowMs, setTimeout, clearTimeout } = platform;
  return {
    now: () => Math.floor(nowMs() / 1000),
    after: (ms) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const handle = setTimeout(resolve, ms);
      return { rang: promise, cancel: () => clearTimeout(handle) };
    },
  };
}
