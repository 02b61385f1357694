import { attempt, type Bytes, decodeFrame, encodeFrame, equal } from '@tallystick/protocol';
import { failure, need, outcome, stop, type WalletResult } from '../failure.ts';
import type { PaymentOutcome } from '../payments/payment-outcome.ts';
import type { PendingPayment } from '../payments/pending-payment.ts';
import { type Confirm, confirmAndDebit } from '../session/holder.ts';
import type { Offer } from '../session/offer.ts';
import type { Parts } from '../session/parts.ts';
import type { RequestOrder } from '../purse-client.ts';
import type { Transport } from '../transport/index.ts';

/**
 * Makes a static code: the frame to print, or to show on a sticker's tag. It names this one purse and
 * stays good until `expires`, or until the certificate does.
 */
export async function makeStaticCode(
  { purse }: Parts,
  order: Omit<RequestOrder, 'isStatic'>,
): Promise<Bytes> {
  const { certificate, listVersion } = need(await purse.status());
  const { message: request } = need(await purse.request({ ...order, isStatic: true }));
  return encodeFrame({ kind: 1, request, certificate, listVersion });
}

/**
 * Pays what a printed code asks for, over a link on which nothing comes back. The result is `sent`:
 * whether it arrived shows on the payee's screen, and in this purse after a sync (TS-PAY-10). Until
 * then a further payment to the same payee needs the holder's word that it is wanted all the same.
 * A failure means that no money has moved.
 */
export function payStaticCode(
  parts: Parts,
  code: Bytes,
  transport: Transport,
  confirm: Confirm,
): Promise<WalletResult<PaymentOutcome>> {
  return outcome(async () => {
    const offer = await readCode(parts, code);
    const doubts = (await parts.payments.doubts()).map(({ open }) => open);
    const toSame = doubts.filter(({ payee }) => equal(payee, offer.payee));
    const inDoubt = toSame.reduce((total, { amount }) => total + amount, 0n);
    const debited = await confirmAndDebit(parts, offer, inDoubt, confirm);
    return send(debited, debited.payment, transport);
  });
}

/** Shows a payment once more that the payee's terminal seems to have missed. It counts once. */
export function showAgain(
  parts: Parts,
  paymentId: Bytes,
  transport: Transport,
): Promise<WalletResult<PaymentOutcome>> {
  return outcome(async () => {
    const found = (await parts.payments.doubts()).find(({ open }) => equal(open.id, paymentId));
    const { message } = need(await parts.purse.retry(paymentId));
    const pending = found?.pending ?? stop(failure('STORE_FAILED', 'it lost the request'));
    return send(pending, message, transport);
  });
}

async function readCode(parts: Parts, code: Bytes): Promise<Offer> {
  const frame = need(attempt(() => decodeFrame(code)));
  if (frame.kind !== 1) return stop(failure('UNEXPECTED_FRAME', `a frame of kind ${frame.kind}`));
  const { floor } = need(await parts.purse.status());
  return parts.offers.read(frame, floor, Math.max(parts.timer.now(), floor));
}

async function send(
  pending: PendingPayment,
  payment: Bytes,
  transport: Transport,
): Promise<PaymentOutcome> {
  const { ownCertificate: certificate, id: paymentId, amount } = pending;
  await transport.send(encodeFrame({ kind: 2, payment, certificate }));
  return { state: 'sent', paymentId, amount, receipt: null, cause: null };
}
