import type { Transport } from './transport/index.ts';

/**
 * How long a device waits in a contact, in milliseconds, and what else depends on the medium. The
 * holder's own time to decide is not bounded here: the request's expiry bounds it.
 */
export interface Patience {
  /** A payer waits this long for the offer. */
  readonly offerMs: number;
  /** A payer waits this long for an answer to each presentation of a payment. */
  readonly answerMs: number;
  /** How often a payer shows one payment before it holds it in doubt. */
  readonly tries: number;
  /** A payee waits this long for the payment, its payer's holder included. */
  readonly paymentMs: number;
  /** A payee goes on answering for this long, so that a lost receipt can be asked for again. */
  readonly lingerMs: number;
  /** How long a request may be answered, in seconds. */
  readonly requestSeconds: number;
  /** Whether status lists and fork proofs are exchanged after the money. */
  readonly gossip: boolean;
}

/** For links on which frames take milliseconds: radio, a socket, memory. */
const LINK: Patience = {
  offerMs: 30_000,
  answerMs: 2_000,
  tries: 3,
  paymentMs: 120_000,
  lingerMs: 5_000,
  requestSeconds: 300,
  gossip: true,
};

/**
 * For two people who hold screens in front of cameras: each frame is a code somebody has to scan, so
 * nothing is shown twice by itself and nothing is shown that the payment does not need. Either side
 * ends the contact by closing its transport.
 */
const SCREEN: Patience = {
  offerMs: 120_000,
  answerMs: 120_000,
  tries: 1,
  paymentMs: 300_000,
  lingerMs: 120_000,
  requestSeconds: 600,
  gossip: false,
};

/** What suits a medium, as far as nothing else was asked for. */
export function patienceFor(medium: Transport['medium'], asked: Partial<Patience>): Patience {
  return { ...(medium === 'screen' ? SCREEN : LINK), ...asked };
}
