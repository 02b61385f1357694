import {
  amountField,
  type Bytes,
  type Codec,
  fixed,
  list,
  nullable,
  oneOf,
  type Seconds,
  seconds,
  tuple,
  uint,
} from '@tallystick/protocol';

/** Money that came in for goods, or went back for them. */
export const KIND = { sale: 0, refund: 1 } as const;
/** By a code made for this sale, or by the one on the counter. */
export const WAY = { request: 0, counter: 1 } as const;
/** How far it has come. A sale is `taken` as soon as its money is in: a bank's books only follow. */
export const STATE = { taken: 0, settled: 1, inDoubt: 2, cameBack: 3 } as const;

/** One line of the till's journal. The purses know nothing of it, and nothing in it moves money. */
export interface Entry {
  /** The payment's id. */
  readonly id: Bytes;
  readonly kind: (typeof KIND)[keyof typeof KIND];
  readonly way: (typeof WAY)[keyof typeof WAY];
  readonly state: (typeof STATE)[keyof typeof STATE];
  /** Minor units. */
  readonly amount: bigint;
  /** By this device's clock. */
  readonly at: Seconds;
  /** Of a sale, the place of its receipt in the purse's log, or one behind it; {@link NOWHERE} where nobody has looked. */
  readonly position: number;
  /** What the sum was made of, in minor units; empty where nobody knows. */
  readonly lines: readonly bigint[];
  /** The sale that a refund pays back. */
  readonly sale: Bytes | null;
}

/** Behind all positions of a log: no bank ever has it. */
export const NOWHERE = 0xffff_ffff;
/** Lines of a basket at most. */
export const LINES = 100;

export const entryCodec: Codec<Entry> = tuple<Entry>({
  id: fixed(32),
  kind: oneOf(KIND.sale, KIND.refund),
  way: oneOf(WAY.request, WAY.counter),
  state: oneOf(STATE.taken, STATE.settled, STATE.inDoubt, STATE.cameBack),
  amount: amountField,
  at: seconds,
  position: uint(NOWHERE),
  lines: list(amountField, LINES),
  sale: nullable(fixed(32)),
});

/** Whether it is not in a bank's books yet. */
export function isOutstanding({ state }: Entry): boolean {
  return state === STATE.taken || state === STATE.inDoubt;
}

/** What it did to the shop's money, in minor units: nothing where a refund came back. */
export function changeOf({ kind, state, amount }: Entry): bigint {
  if (kind === KIND.sale) return amount;
  return state === STATE.cameBack ? 0n : -amount;
}
