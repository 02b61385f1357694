/** Shortest PIN that is taken (TS-HLD-1). */
export const PIN_DIGITS_MIN = 4;

/** A PIN as the purse takes it. */
export function pinBytes(typed: string): Uint8Array {
  return new TextEncoder().encode(typed);
}
