import { scrypt } from 'node:crypto';
import type { Bytes } from '@tallystick/protocol';

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

const HASH_BYTES = 32;

/** The slow, salted hash of a PIN: 32 bytes. */
export function stretch(pin: Bytes, salt: Bytes, { n, r, p }: StretchCost): Promise<Bytes> {
  // What scrypt works on; Node's default limit is just below it.
  const maxmem = 128 * r * (n + p + 2);
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, { N: n, r, p, maxmem }, (error, hash) => {
      if (error === null) resolve(new Uint8Array(hash));
      else reject(error);
    });
  });
}
