import { scrypt } from 'node:crypto';
import type { Bytes } from '@tallystick/protocol';
import type { StretchCost } from '../surroundings.ts';

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
