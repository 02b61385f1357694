import {
  type Algorithm,
  algorithmField,
  amountField,
  blob,
  type Bytes,
  type Codec,
  decodeCbor,
  encodeCbor,
  digest,
  fixed,
  flag,
  label,
  LIMITS,
  list,
  member,
  nullable,
  oneOf,
  type Seconds,
  seconds,
  totalField,
  union,
} from '@tallystick/protocol';
import { BOUNDS } from '../limits.ts';

/** What the runner tells the program under test, one at a time (TS-CNF-3). */
export const ORDER = {
  open: 1,
  clock: 2,
  enrol: 3,
  load: 4,
  sync: 5,
  renew: 6,
  reply: 7,
  offer: 8,
  pay: 9,
  ask: 10,
  deliver: 11,
  end: 12,
  adopt: 13,
  state: 14,
} as const;

/** Use the purse in this folder; forget everything that is not stored there. */
interface Open {
  readonly kind: typeof ORDER.open;
  readonly folder: string;
}
/** What the local clock says from now on. */
interface Clock {
  readonly kind: typeof ORDER.clock;
  readonly time: Seconds;
}
/** Make a key; reports the enrolment that asks for its certificate. A reply follows. */
interface Enrol {
  readonly kind: typeof ORDER.enrol;
  readonly challenge: Bytes;
  readonly pin: Bytes | null;
}
/** Reports a request for money from the issuer. A reply follows. */
interface Load {
  readonly kind: typeof ORDER.load;
  readonly amount: bigint;
}
/** Reports an upload. A reply follows. */
interface Sync {
  readonly kind: typeof ORDER.sync;
}
/** Make the next key; reports a renewal request. A reply follows. */
interface Renew {
  readonly kind: typeof ORDER.renew;
  readonly challenge: Bytes;
  readonly alg: Algorithm;
}
/** What the issuer answers to the last enrolment, load, sync or renewal; null when nothing came. */
interface Reply {
  readonly kind: typeof ORDER.reply;
  readonly body: Bytes | null;
}
/** Ask for money; reports the offer frame. */
interface Offer {
  readonly kind: typeof ORDER.offer;
  readonly amount: bigint | null;
  readonly isStatic: boolean;
}
/** The holder approves of this offer frame; reports the payment frame, or what comes before it. */
interface Pay {
  readonly kind: typeof ORDER.pay;
  readonly offer: Bytes;
  /** What the holder chose, where the offer leaves it open; else null or the same. */
  readonly amount: bigint | null;
  readonly despiteDoubt: boolean;
  readonly pin: Bytes | null;
}
/** Show an own payment in doubt again; reports the present frame. */
interface Ask {
  readonly kind: typeof ORDER.ask;
  readonly paymentId: Bytes;
  readonly voidIt: boolean;
}
/** A frame from the other device, perhaps a damaged one; reports the frames that answer it. */
interface Deliver {
  readonly kind: typeof ORDER.deliver;
  readonly frame: Bytes;
}
/** The contact is over: nothing more comes from the other device. */
interface End {
  readonly kind: typeof ORDER.end;
}
/** Signed data of the scheme: 0 a policy, 1 a status list, 2 a time reset. */
interface Adopt {
  readonly kind: typeof ORDER.adopt;
  readonly what: 0 | 1 | 2;
  readonly message: Bytes;
  /** Of the key that signed a status list; empty for what the root signs. */
  readonly certificate: Bytes;
}
/** Reports the balance and the payments in doubt. */
interface State {
  readonly kind: typeof ORDER.state;
}

export type Order =
  | Open
  | Clock
  | Enrol
  | Load
  | Sync
  | Renew
  | Reply
  | Offer
  | Pay
  | Ask
  | Deliver
  | End
  | Adopt
  | State;

/** Longer than any frame, so that too long a one can be delivered. */
const frame = blob(LIMITS.frameBytes * 4);
const message = blob(LIMITS.frameBytes * 4);
const pin = nullable(blob(32, 4));
const amount = nullable(amountField);

const order: Codec<Order> = union<Order, Order['kind']>({
  1: member<Open>(1, { folder: label(4_096) }),
  2: member<Clock>(2, { time: seconds }),
  3: member<Enrol>(3, { challenge: fixed(32), pin }),
  4: member<Load>(4, { amount: amountField }),
  5: member<Sync>(5, {}),
  6: member<Renew>(6, { challenge: fixed(32), alg: algorithmField }),
  7: member<Reply>(7, { body: nullable(blob(BOUNDS.messageBytes)) }),
  8: member<Offer>(8, { amount, isStatic: flag }),
  9: member<Pay>(9, { offer: frame, amount, despiteDoubt: flag, pin }),
  10: member<Ask>(10, { paymentId: digest, voidIt: flag }),
  11: member<Deliver>(11, { frame }),
  12: member<End>(12, {}),
  13: member<Adopt>(13, { what: oneOf(0, 1, 2), message, certificate: message }),
  14: member<State>(14, {}),
});

/** It is done, and these bytes came of it: frames, or one message for the issuer. */
interface Done {
  readonly kind: 0;
  readonly out: readonly Bytes[];
}
/** It was refused, with a code of chapter 17 or a word of the program's own. */
interface Refused {
  readonly kind: 1;
  readonly code: string;
  readonly out: readonly Bytes[];
}
interface Stated {
  readonly kind: 2;
  /** Minor units. */
  readonly balance: bigint;
  /** Ids of own payments in doubt. */
  readonly inDoubt: readonly Bytes[];
}

/** What the program under test answers to each order (TS-CNF-4). */
export type Report = Done | Refused | Stated;

/** The word by which a program says that it does not do what an order asks. */
export const UNSUPPORTED = 'unsupported';

const out = list(blob(BOUNDS.messageBytes), BOUNDS.outMax);

const report: Codec<Report> = union<Report, Report['kind']>({
  0: member<Done>(0, { out }),
  1: member<Refused>(1, { code: label(), out }),
  2: member<Stated>(2, { balance: totalField, inDoubt: list(digest, LIMITS.openPayments) }),
});

export function encodeOrder(value: Order): Bytes {
  return encodeCbor(order.encode(value));
}

/** Reads an order strictly. Rejects with the decoding codes. */
export function decodeOrder(bytes: Bytes): Order {
  return order.decode(decodeCbor(bytes, BOUNDS.messageBytes), 'order');
}

export function encodeReport(value: Report): Bytes {
  return encodeCbor(report.encode(value));
}

/** Reads a report strictly. Rejects with the decoding codes. */
export function decodeReport(bytes: Bytes): Report {
  return report.decode(decodeCbor(bytes, BOUNDS.messageBytes), 'report');
}
