import {
  acceptBy,
  type Bytes,
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
  reject,
  requestDigest,
  type Seconds,
  type Signed,
} from '@tallystick/protocol';
import { clock, type Steps } from '../effects.ts';
import { certificateOf, keyOf, ownCertificate } from '../own-keys.ts';
import type { Answered, OwnKey, Purse } from '../purse.ts';
import { latestAcceptBy, tierOf } from '../rules.ts';
import {
  authenticate,
  type Context,
  demandStanding,
  isIssuer,
  isOwnIssuer,
  type Role,
  type Signatory,
} from '../trust.ts';
import { demandOwn, readAsked } from './request.ts';

/** A payment as it was presented: read, but not yet believed. */
export interface Presented {
  readonly signed: Signed;
  readonly payment: Payment;
  readonly id: Bytes;
  readonly payer: PurseCertificate;
  readonly request: Request;
  /** Reference of the certificate the request was made under. */
  readonly requestedBy: Bytes;
}

/** Reads every part of a presented payment. Rejects with the decoding codes. */
export function readPresented(command: {
  readonly payment: Bytes;
  readonly certificate: Bytes;
  readonly request: Bytes;
}): Presented {
  const signed = decodeSigned(command.payment, requestDigest(command.request));
  const payment = decodePayload(signed.payload, paymentCodec, 'payment');
  const payer = decodePurseCertificate(command.certificate);
  const { request, kid: requestedBy } = readAsked(command.request);
  return { signed, payment, id: recordId(signed), payer, request, requestedBy };
}

/**
 * How a payment was answered before, if it was. Its id covers all of its content and its request, so
 * one that is known needs no other check: the answer stands, whatever became of its payer.
 */
export function answerTo(purse: Purse, { id }: Presented): Answered | undefined {
  return purse.answered.find((each) => equal(each.id, id));
}

/** Whether its payer signed it, in a role that may pay this purse (TS-PAY-4, TS-CRT-6). */
export function authenticPayer(
  purse: Purse,
  context: Context,
  { signed, payer }: Presented,
  role: Role,
): Steps<Signatory> {
  return authenticate(purse, context, { signed, certificate: payer, role });
}

/** Purses of whichever tier, and the own issuer with a load. */
export function anyPayer(purse: Purse): Role {
  return ({ certificate }) => {
    const isStranger = isIssuer(certificate) && !isOwnIssuer(purse, certificate);
    demand(!isStranger, 'WRONG_ROLE', 'not the own issuer');
  };
}

/** The same, but only for tiers that the policy lists, the own one included. */
export function listedPayer(purse: Purse): Role {
  return (signatory) => {
    anyPayer(purse)(signatory);
    tierOf(purse.policy, ownCertificate(purse));
    if (!isIssuer(signatory.certificate)) tierOf(purse.policy, signatory.certificate);
  };
}

/** The own key that a payment is addressed to, if this purse asked for it (TS-PAY-4, TS-PAY-5, TS-REQ-4). */
export function addressedKey(purse: Purse, presented: Presented): OwnKey {
  const { payment, request, requestedBy } = presented;
  const key = keyOf(purse, payment.payee) ?? reject('WRONG_PAYEE');
  demand(equal(requestedBy, payment.payee), 'WRONG_REQUEST', 'made under another certificate');
  // GUARD own-request (rule 14): only what this purse asked for is answered.
  demandOwn(purse, request);
  return key;
}

/** The payer's certificate at this moment: unexpired, unrevoked, with an accepted measurement. */
export function demandPayerStanding(purse: Purse, payer: Signatory): void {
  demandStanding(purse, payer);
  const { certificate } = payer;
  if (isIssuer(certificate)) return;
  const wanted = certificate.profile.measurement;
  const row = purse.policy.measurements.find(({ index }) => index === wanted);
  // GUARD measurement (rule 14): an application that the policy no longer trusts pays nobody.
  demand(row !== undefined && purse.floor <= row.acceptedUntil, 'MEASUREMENT_REFUSED');
}

/** Whether the payment may be accepted now: content and time (TS-PAY-5 to 8, TS-TIM-5). */
export function* demandAcceptable(purse: Purse, presented: Presented, key: OwnKey): Steps<void> {
  const { payment, payer, request } = presented;
  const { value } = payment;
  demand(value.currency === purse.policy.currency, 'WRONG_CURRENCY');
  demand(value.currency === request.currency, 'WRONG_CURRENCY');
  // GUARD asked-amount (rule 14): the payment is what its request asked for.
  demand(request.amount === null || request.amount === value.amount, 'WRONG_AMOUNT');
  // GUARD accept-by (rule 2): never accepted once issuer time has passed its last moment.
  demand(acceptBy(payment) >= Math.max(purse.floor, purse.closedBefore), 'PAST_ACCEPT_BY');
  if (isIssuer(payer)) return;
  const tier = tierOf(purse.policy, payer);
  const latest: Seconds = latestAcceptBy(purse.policy, tier, payment.syncedAt);
  // GUARD accept-window (rule 2): no payer keeps a payment open for longer than the policy says.
  demand(acceptBy(payment) <= latest, 'ACCEPT_BY_TOO_FAR');
  // GUARD payer-stale (rule 11): a payer who has not synced for long may have been revoked since.
  demand(purse.floor <= payment.syncedAt + purse.policy.staleSeconds, 'PAYER_STALE');
  yield* demandPlausibleSync(purse, payment, key);
}

/**
 * A payer that makes up a sync of the future would escape staleness, and would sit in the replay
 * memory until then. An honest payer synced before the certificate it paid to expired, or it would
 * not have paid; a local clock may refuse more (TS-TIM-3).
 */
function* demandPlausibleSync(purse: Purse, payment: Payment, key: OwnKey): Steps<void> {
  const { expires } = certificateOf(key);
  demand(
    payment.syncedAt < expires,
    'TIME_SKEW',
    'the payer synced after this certificate expires',
  );
  const local = yield* clock();
  if (local === null) return;
  const latest = Math.max(local, purse.floor) + purse.policy.skewSeconds;
  demand(payment.syncedAt <= latest, 'TIME_SKEW', `the payer synced after ${latest}`);
}
