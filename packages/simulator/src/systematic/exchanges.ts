import type { Deed } from '../deeds.ts';
import type { Mishap } from '../fate.ts';
import type { Fault } from '../faults.ts';
import { DAY } from '../scheme.ts';

/** The two who touch, in a small world of their own. */
export const ANA = 'wallet-0';
export const BEN = 'wallet-1';

/** One deed of a short history. */
export interface Act {
  readonly deed: Deed;
  readonly mishaps?: readonly Mishap[];
  /** Seconds that pass before it, beyond the usual. */
  readonly later?: number;
}

/** One exchange of messages, to be cut at every point. */
export interface Exchange {
  readonly name: string;
  /** What has happened before. */
  readonly before: readonly Act[];
  /** What is cut. */
  readonly deed: Deed;
  /** The same meeting again, after each cut: what people do who are not sure. */
  readonly again: Deed;
  /** What it takes, when nothing goes wrong any more, for both to know where the money is. */
  readonly resolve: readonly Deed[];
  /** Devices that take part; the backend does in whatever is no contact of two. */
  readonly devices: readonly string[];
}

const load: Deed = { do: 'load', who: ANA, amount: 2_000n };
const pay: Deed = { do: 'pay', who: ANA, whom: BEN, amount: 500n, despiteDoubt: false };
const retry: Deed = { do: 'ask', who: ANA, whom: BEN, how: 'retry' };
const take: Deed = { do: 'ask', who: ANA, whom: BEN, how: 'void' };
const redeem: Deed = { do: 'redeem', who: ANA, amount: 700n };
const joinAna: Deed = { do: 'enrol', who: ANA };
const joinBen: Deed = { do: 'enrol', who: BEN };
const sync = (who: string): Deed => ({ do: 'sync', who });

const joined: readonly Act[] = [{ deed: joinAna }, { deed: joinBen }];
const loaded: readonly Act[] = [...joined, { deed: load }];

function cut(fault: Fault, where: string, occasion: number): Mishap {
  return { fault, where, occasion, extent: 0 };
}

/** The link ended before the payment arrived, or before the receipt did. */
const lostPayment: Act = { deed: pay, mishaps: [cut('linksCut', `to ${BEN}`, 0)] };
const lostReceipt: Act = { deed: pay, mishaps: [cut('linksCut', `to ${ANA}`, 1)] };
/** Nobody ever showed it to Ben again, and now nobody can. */
const lapsed: readonly Act[] = [
  ...loaded,
  { deed: sync(BEN) },
  lostPayment,
  { deed: sync(ANA), later: 2 * DAY },
];

const both: readonly string[] = [ANA, BEN];
const online = (name: string, of: Omit<Exchange, 'name' | 'devices'>): Exchange => ({
  name,
  devices: [of.deed.who],
  ...of,
});

/** Every exchange of messages there is, between two devices and with the backend. */
export const EXCHANGES: readonly Exchange[] = [
  { name: 'tap', before: loaded, deed: pay, again: retry, resolve: [retry], devices: both },
  {
    name: 'tap that is then voided',
    before: loaded,
    deed: pay,
    again: take,
    resolve: [take],
    devices: both,
  },
  {
    name: 'void of a payment that was lost',
    before: [...loaded, lostPayment],
    deed: take,
    again: take,
    resolve: [take],
    devices: both,
  },
  {
    name: 'retry of a payment whose receipt was lost',
    before: [...loaded, lostReceipt],
    deed: retry,
    again: retry,
    resolve: [retry],
    devices: both,
  },
  online('enrolment', {
    before: [{ deed: joinBen }],
    deed: joinAna,
    again: joinAna,
    resolve: [joinAna, load],
  }),
  online('load', { before: joined, deed: load, again: sync(ANA), resolve: [sync(ANA)] }),
  online('unload', { before: loaded, deed: redeem, again: redeem, resolve: [sync(ANA)] }),
  online("payer's sync", {
    before: [...loaded, { deed: pay }],
    deed: sync(ANA),
    again: sync(ANA),
    resolve: [sync(ANA)],
  }),
  online("payee's sync", {
    before: [...loaded, { deed: pay }],
    deed: sync(BEN),
    again: sync(BEN),
    resolve: [sync(BEN)],
  }),
  online("refund, at the payee's sync", {
    before: lapsed,
    deed: sync(BEN),
    again: sync(BEN),
    resolve: [sync(BEN), sync(ANA), sync(ANA)],
  }),
  online("refund, at the payer's sync", {
    before: [...lapsed, { deed: sync(BEN) }],
    deed: sync(ANA),
    again: sync(ANA),
    resolve: [sync(ANA), sync(ANA)],
  }),
];
