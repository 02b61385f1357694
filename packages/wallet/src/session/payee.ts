import type { Currency } from '@tallystick/protocol';
import { need, outcome, stop, type WalletResult } from '../failure.ts';
import type { Transport } from '../transport/index.ts';
import type { Accepted } from './accept.ts';
import { type Contact, inContact } from './contact.ts';
import type { Parts } from './parts.ts';
import { Till } from './till.ts';

/** What a payee asks for. */
export interface Demand {
  readonly currency: Currency;
  /** Minor units, or null where the payer chooses. */
  readonly amount: bigint | null;
  /**
   * Called as soon as money is in, before the contact is over: for this demand, or for an earlier
   * one that was torn, of which `isForThis` tells. Not called for a payment that was accepted before.
   */
  readonly onAccepted?: (accepted: Accepted, isForThis: boolean) => void;
}

/**
 * Offers a request, and accepts the payment for it (TS-SES-1). The result comes when the contact is
 * over; `onAccepted` comes at the moment of acceptance.
 *
 * Fails with TIMED_OUT or LINK_ENDED when no payment came, with PEER_REFUSED when the payer declined,
 * or with this purse's own refusal of the payment. A payment under way may still be presented later:
 * then it is answered by any later contact.
 */
export function getPaid(
  parts: Parts,
  transport: Transport,
  demand: Demand,
): Promise<WalletResult<Accepted>> {
  return inContact(parts, transport, async (contact) => {
    const { purse, timer } = parts;
    const { currency, amount } = demand;
    const { certificate, listVersion, floor } = need(await purse.status());
    const expires = Math.max(timer.now(), floor) + contact.patience().requestSeconds;
    const made = need(await purse.request({ currency, amount, expires, isStatic: false }));
    await contact.link.send({ kind: 1, request: made.message, certificate, listVersion });
    await contact.gossip.tellProofs();
    await contact.gossip.openWitnesses();
    const till = new Till(parts, contact, made.message, demand.onAccepted);
    const { paymentMs } = contact.patience();
    const paid = await contact.link.waitFor(paymentMs, (frame) => till.paidBy(frame));
    if (paid === null) return stop(till.refusal ?? contact.link.failure());
    // The money is in: nothing that happens from here on changes the result.
    await outcome(() => linger(contact, till));
    return paid;
  });
}

/**
 * Answers whatever payers with torn payments present, and whoever comes only to {@link meet}, without
 * asking for anything. The result lists what was accepted anew.
 */
export function answerDoubts(
  parts: Parts,
  transport: Transport,
): Promise<WalletResult<readonly Accepted[]>> {
  return inContact(parts, transport, async (contact) => {
    const accepted: Accepted[] = [];
    await contact.gossip.openWitnesses();
    const till = new Till(parts, contact, null, (each) => accepted.push(each));
    await contact.link.waitFor(contact.patience().paymentMs, async (frame) => {
      await till.answer(frame);
      return undefined;
    });
    return accepted;
  });
}

/** Goes on answering: the receipt may have been lost, or the payer may have something to tell. */
async function linger(contact: Contact, till: Till): Promise<void> {
  await contact.link.waitFor(contact.patience().lingerMs, async (frame) => {
    await till.answer(frame);
    return undefined;
  });
}
