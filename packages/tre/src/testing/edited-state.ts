import type { Bytes } from '@tallystick/protocol';
import { decodeStored, isPurse } from '@tallystick/trusted-app';
import { encodeStored } from '@tallystick/trusted-app/testing';

/** A trusted application's state with another balance, as whoever can write it would have it. */
export function withBalance(state: Bytes, balance: bigint): Bytes {
  const stored = decodeStored(state);
  if (!isPurse(stored)) throw new Error('there is no purse');
  return encodeStored({ ...stored, balances: [balance] });
}
