import { type Bytes, fromHex, type Seconds } from '@tallystick/protocol';
import type { RandomBytes } from '../authority/keys.ts';
import type { Store } from '../store/port.ts';
import type { Challenges } from './challenges.ts';

export interface StaffOptions {
  readonly store: Pick<Store, 'exclusive'>;
  /** Seconds since 1970. */
  readonly clock: () => Seconds;
  readonly random: RandomBytes;
}

/** What the parts of the staff's service work with. */
export interface StaffParts extends StaffOptions {
  readonly challenges: Challenges;
}

/** Held while anything about staff is changed. */
export const STAFF_LOCK = 'staff';

/** Bytes of a name that is known to be hex. */
export function bytesOf(hex: string): Bytes {
  const bytes = fromHex(hex);
  if (bytes === null) throw new TypeError(`${hex} is not hex`);
  return bytes;
}
