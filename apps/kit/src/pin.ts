/** A PIN as the purse takes it. */
export function pinBytes(typed: string): Uint8Array {
  return new TextEncoder().encode(typed);
}
