import type { Bytes, Seconds } from '@tallystick/protocol';

/** Cost of the PIN hash: scrypt's N, r and p (RFC 7914). */
export interface StretchCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/**
 * About 90 ms and 32 MB on a 2-core server (TS-HLD-2): a holder does not notice, and it is as slow
 * as a payment at a till may be. It cannot save a PIN of four digits from whoever has the state
 * file: ten thousand tries are a quarter of an hour.
 */
export const STRETCH_COST: StretchCost = { n: 32_768, r: 8, p: 1 };

/** What the world around a purse lends it. */
export interface Surroundings {
  /** The local clock, in seconds; null where there is none. */
  readonly clock: () => Seconds | null;
  /** The platform's check of the holder; without one it always refuses. */
  readonly assertHolder?: (challenge: Bytes) => Promise<boolean>;
  /** Evidence from beside the environment, such as an authenticator's, over a binding (TS-ATT-1). */
  readonly attest?: (binding: Bytes) => Promise<Bytes>;
  /** Cost of the PIN hash. Only tests have a reason to lower it. */
  readonly stretchCost?: StretchCost;
}
