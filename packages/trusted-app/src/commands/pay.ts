import {
  acceptBy,
  amount as checkAmount,
  type Bytes,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  equal,
  checkSignature,
  LIMITS,
  type Payment,
  payment as paymentCodec,
  type PurseCertificate,
  type Request,
  reject,
  request as requestCodec,
  requestDigest,
  type Seconds,
} from '@tallystick/protocol';
import { append, nextPlace, signAgain, signRecord } from '../append.ts';
import { highestHop, takeHighest, takeLowest, withdraw } from '../balance.ts';
import type { CommandOf } from '../command.ts';
import { checked, clock, commit, type Steps } from '../effects.ts';
import { verifyHolder } from '../holder.ts';
import type { Part, Purse } from '../purse.ts';
import type { Message } from '../reply.ts';
import { demandHop, demandMayPay, demandUnlocked, latestAcceptBy, tierOf } from '../rules.ts';
import {
  type Context,
  demandNotRevoked,
  isIssuer,
  isOwnIssuer,
  ownCertificate,
  trustedCertificate,
} from '../trust.ts';

/** Pays a request: debit and log entry are durable before the signature exists (TS-PAY-3). */
export function* pay(purse: Purse, command: CommandOf<5>, context: Context): Steps<Message> {
  demandUnlocked(purse);
  const { payee, request } = yield* readRequest(purse, command, context);
  const amount = amountToPay(request, command.amount);
  const local = yield* clock();
  const now = Math.max(local ?? 0, purse.floor);
  demand(now <= request.expires, 'REQUEST_EXPIRED');
  const plan = isOwnIssuer(purse, payee)
    ? planUnload(purse, amount, now)
    : planPayment(purse, amount, now, payee, command.despiteDoubt);
  const verified = yield* verifyHolder(purse, amount, plan.stepUpAbove, {
    pin: command.pin,
    assertHolder: command.assertHolder,
    challenge: requestDigest(command.request),
  });
  return yield* debitAndSign(verified, command.request, payee, plan, request);
}

interface Plan {
  readonly amount: bigint;
  readonly parts: readonly Part[];
  readonly hop: number;
  readonly acceptBy: Seconds;
  readonly stepUpAbove: bigint;
  /** Whether it counts against the limits since the last sync. */
  readonly counts: boolean;
}

/** The request and its maker, both verified (TS-REQ-2). */
function* readRequest(
  purse: Purse,
  command: CommandOf<5>,
  context: Context,
): Steps<{ payee: PurseCertificate; request: Request }> {
  const signed = decodeSigned(command.request);
  const request = decodePayload(signed.payload, requestCodec, 'request');
  const named = decodePurseCertificate(command.certificate);
  demand(
    equal(named.ref, signed.kid),
    'UNKNOWN_CERTIFICATE',
    'the request is signed under another',
  );
  const { certificate: payee } = yield* trustedCertificate(purse, context, command.certificate);
  demand(!isIssuer(payee) || isOwnIssuer(purse, payee), 'WRONG_ROLE', 'not the own issuer');
  yield* checked(checkSignature(signed, payee.key));
  demandNotRevoked(purse, payee);
  demand(!equal(payee.ref, ownCertificate(purse).ref), 'WRONG_PAYEE', 'this purse itself');
  demand(request.currency === purse.policy.currency, 'WRONG_CURRENCY');
  return { payee, request };
}

function amountToPay(request: Request, chosen: bigint | null): bigint {
  const amount = request.amount ?? chosen ?? reject('BAD_AMOUNT', 'the request leaves it open');
  demand(chosen === null || chosen === amount, 'WRONG_AMOUNT', `the request says ${amount}`);
  return checkAmount(amount);
}

function planPayment(
  purse: Purse,
  amount: bigint,
  now: Seconds,
  payee: PurseCertificate,
  despiteDoubt: boolean,
): Plan {
  const inDoubt = purse.open.some((each) => each.state === 0 && equal(each.payee, payee.ref));
  demand(despiteDoubt || !inDoubt, 'PAYMENT_IN_DOUBT');
  const tier = demandMayPay(purse, amount, now);
  const parts = takeLowest(purse.balances, amount);
  const hop = demandHop(purse, parts);
  const wanted = now + purse.policy.acceptMinutes * 60;
  const latest = latestAcceptBy(purse.policy, tier, purse.syncedAt);
  return {
    amount,
    parts,
    hop,
    acceptBy: Math.min(wanted, latest),
    stepUpAbove: tier.stepUpAbove,
    counts: true,
  };
}

/** Money going home is never held back by offline limits (INV-REDEEM, TS-PAY-12). */
function planUnload(purse: Purse, amount: bigint, now: Seconds): Plan {
  const tier = tierOf(purse.policy, ownCertificate(purse));
  const parts = takeHighest(purse.balances, amount);
  return {
    amount,
    parts,
    hop: highestHop(parts),
    acceptBy: now + purse.policy.acceptMinutes * 60,
    stepUpAbove: tier.stepUpAbove,
    counts: false,
  };
}

function* debitAndSign(
  purse: Purse,
  signedRequest: Bytes,
  payee: PurseCertificate,
  plan: Plan,
  request: Request,
): Steps<Message> {
  demand(purse.open.length < LIMITS.openPayments, 'NEEDS_SYNC', 'too many open payments');
  const payment: Payment = {
    ...nextPlace(purse),
    payee: payee.ref,
    value: { kind: 1, currency: request.currency, amount: plan.amount, hop: plan.hop },
    syncedAt: purse.syncedAt,
    acceptMinutes: minutesFrom(purse.syncedAt, plan.acceptBy),
  };
  const added = append(purse, paymentCodec.encode(payment), {
    external: requestDigest(signedRequest),
  });
  const open = {
    seq: payment.seq,
    id: added.id,
    payee: payee.ref,
    parts: plan.parts,
    acceptBy: acceptBy(payment),
    state: 0,
  } as const;
  const debited: Purse = {
    ...added.purse,
    balances: withdraw(purse.balances, plan.parts),
    spentTotal: purse.spentTotal + (plan.counts ? plan.amount : 0n),
    spentCount: purse.spentCount + (plan.counts ? 1 : 0),
    open: [...purse.open, open],
  };
  yield* commit(debited, [added.entry]);
  return { kind: 1, message: yield* signRecord(debited, added.record), id: added.id };
}

function minutesFrom(syncedAt: Seconds, until: Seconds): number {
  return Math.min(Math.max(Math.floor((until - syncedAt) / 60), 0), 0xffff);
}

/** Signs an open payment again: the same record, after a torn tap (TS-PAY-11). */
export function* retry(purse: Purse, command: CommandOf<10>): Steps<Message> {
  demandUnlocked(purse);
  const open = purse.open.find(({ id }) => equal(id, command.paymentId)) ?? reject('NOT_OPEN');
  const { message, id } = yield* signAgain(purse, open.seq);
  return { kind: 1, message, id };
}
