import {
  acceptBy,
  type Bytes,
  checkSignature,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  equal,
  type Payment,
  payment as paymentCodec,
  type PurseCertificate,
  recordId,
  type Request,
  requestDigest,
  type Seconds,
} from '@tallystick/protocol';
import { checked, type Steps } from '../effects.ts';
import type { Answered, Purse } from '../purse.ts';
import { latestAcceptBy, tierOf } from '../rules.ts';
import {
  type Context,
  demandNotRevoked,
  isIssuer,
  isOwnIssuer,
  trustedCertificate,
} from '../trust.ts';
import { readOwnRequest } from './request.ts';

/** A payment presented to this purse: verified as authentic and addressed to it (INV-VERIFY). */
export interface Presented {
  readonly payment: Payment;
  readonly id: Bytes;
  readonly payer: PurseCertificate;
  readonly request: Request;
  /** How it was answered before, if it was. */
  readonly before: Answered | undefined;
}

/**
 * Checks who signed a payment and for whom, in order of precedence. A payment that was answered
 * before is known to be authentic by its id, and is not verified again.
 */
export function* readPayment(
  purse: Purse,
  command: { readonly payment: Bytes; readonly certificate: Bytes; readonly request: Bytes },
  context: Context,
): Steps<Presented> {
  const signed = decodeSigned(command.payment, requestDigest(command.request));
  const payment = decodePayload(signed.payload, paymentCodec, 'payment');
  const named = decodePurseCertificate(command.certificate);
  const id = recordId(signed);
  const before = purse.answered.find((each) => equal(each.id, id));
  demand(
    equal(named.ref, signed.kid),
    'UNKNOWN_CERTIFICATE',
    'the payment is signed under another',
  );
  if (before === undefined) {
    // Expiry is judged with the other times, after addressee and amount; here only the chain counts.
    yield* trustedCertificate(purse, context, command.certificate, 0);
    demand(!isIssuer(named) || isOwnIssuer(purse, named), 'WRONG_ROLE', 'not the own issuer');
    yield* checked(checkSignature(signed, named.key));
  }
  demand(
    purse.keys.some(({ certificate }) =>
      equal(decodePurseCertificate(certificate).ref, payment.payee),
    ),
    'WRONG_PAYEE',
  );
  const { request, kid } = readOwnRequest(purse, command.request);
  demand(equal(kid, payment.payee), 'WRONG_REQUEST', 'made under another certificate');
  return { payment, id, payer: named, request, before };
}

/** Whether the payment may be accepted now: content, time, revocation (TS-PAY-5 to 8, TS-TIM-5). */
export function demandAcceptable(purse: Purse, presented: Presented): void {
  const { payment, payer, request } = presented;
  const { value } = payment;
  demandStanding(purse, payer);
  demand(value.currency === purse.policy.currency, 'WRONG_CURRENCY');
  demand(value.currency === request.currency, 'WRONG_CURRENCY');
  demand(request.amount === null || request.amount === value.amount, 'WRONG_AMOUNT');
  demand(acceptBy(payment) >= Math.max(purse.floor, purse.closedBefore), 'PAST_ACCEPT_BY');
  if (isIssuer(payer)) return;
  const tier = tierOf(purse.policy, payer);
  const latest: Seconds = latestAcceptBy(purse.policy, tier, payment.syncedAt);
  demand(acceptBy(payment) <= latest, 'ACCEPT_BY_TOO_FAR');
  demand(purse.floor <= payment.syncedAt + purse.policy.staleSeconds, 'PAYER_STALE');
}

/** The payer's certificate at this moment: unexpired, unrevoked, with an accepted measurement. */
function demandStanding(purse: Purse, payer: PurseCertificate): void {
  demand(purse.floor < payer.expires, 'CERTIFICATE_EXPIRED');
  demandNotRevoked(purse, payer);
  if (isIssuer(payer)) return;
  const row = purse.policy.measurements.find(({ index }) => index === payer.profile.measurement);
  demand(row !== undefined && purse.floor <= row.acceptedUntil, 'MEASUREMENT_REFUSED');
}
