import {
  amountField,
  attempt,
  type Bytes,
  decodeBody,
  encodeBody,
  fixed,
  type Seconds,
  seconds,
  tuple,
  uint,
} from '@tallystick/protocol';
import type { PendingStore } from '@tallystick/wallet';

/** A refund that the cashier has approved. It is kept before money can leave, so that a sale is never paid back twice. */
export interface Intent {
  readonly sale: Bytes;
  /** Minor units. */
  readonly amount: bigint;
  readonly at: Seconds;
  /** Position of the refund purse's log before it. */
  readonly after: number;
}

const KEY = 'refunding';
const codec = tuple<Intent>({
  sale: fixed(32),
  amount: amountField,
  at: seconds,
  after: uint(0xffff_ffff),
});

export async function readIntent(store: PendingStore): Promise<Intent | null> {
  const bytes = await store.get(KEY);
  const read = bytes === null ? null : attempt(() => decodeBody(codec, bytes));
  return read?.ok === true ? read.value : null;
}

export function keepIntent(store: PendingStore, intent: Intent): Promise<void> {
  return store.put(KEY, encodeBody(codec, intent));
}

export function removeIntent(store: PendingStore): Promise<void> {
  return store.remove(KEY);
}
