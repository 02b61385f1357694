import { type Bytes, equal } from '@tallystick/protocol';
import { need, outcome, stop, type WalletFailure, type WalletResult } from '../failure.ts';
import { fateOf } from '../payments/fate.ts';
import type { PaymentOutcome } from '../payments/payment-outcome.ts';
import type { Doubt } from '../payments/payments.ts';
import type { PendingPayment } from '../payments/pending-payment.ts';
import type { Transport } from '../transport/index.ts';
import { type Contact, inContact } from './contact.ts';
import { type Confirm, confirmAndDebit } from './holder.ts';
import type { Offer } from './offer.ts';
import type { Parts } from './parts.ts';
import { Presentation } from './present.ts';

/**
 * Pays what the other device asks for, once the holder approves (TS-SES-1).
 *
 * A failure means that no money has moved. Once the purse has debited, the result is an outcome:
 * paid, taken back, or in doubt; an outcome in doubt is kept for {@link resolve}.
 *
 * Earlier payments to the same payee are cleared up first. One for the very same request is shown
 * again, and is the outcome if the payee takes it; one for another request is voided, unless the
 * payee has accepted it.
 */
export function pay(
  parts: Parts,
  transport: Transport,
  confirm: Confirm,
): Promise<WalletResult<PaymentOutcome>> {
  return inContact(parts, transport, async (contact) => {
    const offer = await awaitOffer(parts, contact);
    const result = await outcome(() => payOffer(parts, contact, offer, confirm));
    await outcome(() => gossip(contact, offer));
    if (result.ok) await outcome(() => contact.gossip.tellWitnesses(contact.patience().answerMs));
    else await outcome(() => decline(parts, contact));
    return need(result);
  });
}

/**
 * Asks the payee at the other end about a payment in doubt (INV-TORN). `retry` has it accepted if it
 * still can be, and voided if not; `void` has it voided unless it was accepted. Safe to repeat after
 * any interruption.
 *
 * Fails with NOT_OPEN when nothing is known of the payment, or when only a sync can resolve it.
 */
export async function resolve(
  parts: Parts,
  transport: Transport,
  paymentId: Bytes,
  how: 'retry' | 'void',
): Promise<WalletResult<PaymentOutcome>> {
  return inContact(parts, transport, async (contact) => {
    const doubt = (await parts.payments.doubts()).find(({ open }) => equal(open.id, paymentId));
    if (doubt === undefined) return fateOf(parts.purse, paymentId);
    const pending = doubt.pending ?? stop(lost(doubt));
    return untilKnown(pending, () => new Presentation(parts, contact, pending).again(how));
  });
}

async function payOffer(
  parts: Parts,
  contact: Contact,
  offer: Offer,
  confirm: Confirm,
): Promise<PaymentOutcome> {
  const earlier = (await parts.payments.doubts()).filter(({ open }) =>
    equal(open.payee, offer.payee),
  );
  const left: Doubt[] = [];
  for (const doubt of earlier) {
    const found = await clearUp(parts, contact, offer, doubt);
    if (found?.state === 'paid' && isFor(offer, doubt)) return found;
    if (found === null || found.state === 'inDoubt') left.push(doubt);
  }
  const inDoubt = left.reduce((total, { open }) => total + open.amount, 0n);
  const debited = await confirmAndDebit(parts, offer, inDoubt, confirm);
  const presentation = new Presentation(parts, contact, debited);
  return untilKnown(debited, () => presentation.firstTime(debited.payment));
}

/** Has an earlier payment to the same payee answered; null when the store lost what that takes. */
async function clearUp(
  parts: Parts,
  contact: Contact,
  offer: Offer,
  doubt: Doubt,
): Promise<PaymentOutcome | null> {
  const { pending } = doubt;
  if (pending === null) return null;
  // The holder may have paid in another way since, so an older payment must not go through by itself.
  const how = isFor(offer, doubt) ? 'retry' : 'void';
  return untilKnown(pending, () => new Presentation(parts, contact, pending).again(how));
}

function isFor(offer: Offer, { pending }: Doubt): boolean {
  return pending !== null && equal(pending.request, offer.request);
}

/** The debit has happened: whatever goes wrong from here on leaves the payment in doubt, no less. */
async function untilKnown(
  pending: PendingPayment,
  work: () => Promise<PaymentOutcome>,
): Promise<PaymentOutcome> {
  const result = await outcome(work);
  if (result.ok) return result.value;
  const { id: paymentId, amount } = pending;
  return { state: 'inDoubt', paymentId, amount, receipt: null, cause: result.error };
}

async function awaitOffer(parts: Parts, { link, gossip, patience }: Contact): Promise<Offer> {
  const { floor } = need(await parts.purse.status());
  const now = Math.max(parts.timer.now(), floor);
  const offer = await link.waitFor(patience().offerMs, async (frame) => {
    if (await gossip.heard(frame)) return undefined;
    if (frame.kind !== 1) {
      link.unexpected(frame);
      return undefined;
    }
    return parts.offers.read(frame, floor, now);
  });
  return offer ?? stop(link.failure());
}

/** What there is to tell about others, now that the money is where it belongs. */
async function gossip(contact: Contact, offer: Offer): Promise<void> {
  await contact.gossip.tellProofs();
  const isNewerThere = await contact.gossip.compare(offer.listVersion);
  if (isNewerThere) await contact.gossip.awaitList(contact.patience().answerMs);
}

/** Tells the payee not to wait. Why nothing is paid is none of its business: it may be the balance. */
async function decline(parts: Parts, { link }: Contact): Promise<void> {
  const { listVersion } = need(await parts.purse.status());
  await link.send({ kind: 8, code: 'DECLINED', listVersion });
}

function lost({ open }: Doubt): WalletFailure {
  return {
    code: 'NOT_OPEN',
    message: `only a sync can resolve this payment of ${open.amount} minor units: the wallet's store lost its request`,
  };
}
