import type { Currency } from '@tallystick/protocol';
import type { Store } from '../store/port.ts';

/** One side of the supply equation for a participant, or for the whole scheme (`null`). */
export interface Supply {
  readonly participant: string | null;
  readonly currency: Currency;
  /** All in minor units. */
  readonly reserve: bigint;
  readonly loss: bigint;
  readonly balances: bigint;
  readonly inFlight: bigint;
  /** What other participants owe it less what it owes them; 0 for the whole scheme. */
  readonly position: bigint;
  /** Reserve + loss + position = balances + in flight. */
  readonly balanced: boolean;
}

/** The supply equation per currency, for each participant and for the scheme (INV-SUPPLY). */
export function supply(_store: Store): Promise<readonly Supply[]> {
  throw new Error('in the making');
}
