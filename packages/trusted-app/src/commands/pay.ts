import {
  amount as checkAmount,
  type Bytes,
  checkExpiry,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  demand,
  equal,
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
import { append, nextPlace } from '../append.ts';
import { highestHop, takeHighest, takeLowest, withdraw } from '../balance.ts';
import type { CommandOf } from '../command.ts';
import { clock, commit, type Steps } from '../effects.ts';
import { verifyHolder } from '../holder.ts';
import { keyOf, ownCertificate } from '../own-keys.ts';
import { IN_DOUBT, type OpenPayment, type Part, type Purse } from '../purse.ts';
import type { Message } from '../reply.ts';
import { isListed } from '../revocation.ts';
import {
  demandHop,
  demandMayPay,
  demandUnlocked,
  findTier,
  lastMoment,
  latestAcceptBy,
  tierOf,
} from '../rules.ts';
import { signAgain, signRecord } from '../signing.ts';
import {
  authenticate,
  type Context,
  demandStanding,
  isIssuer,
  isOwnIssuer,
  signatoryOf,
} from '../trust.ts';

/** Pays a request: debit and log entry are durable before the signature exists (TS-PAY-3). */
export function* pay(purse: Purse, command: CommandOf<5>, context: Context): Steps<Message> {
  demandUnlocked(purse);
  const { payee, request, amount } = yield* readRequest(purse, command, context);
  // GUARD shown-amount (rule 18): the amount the holder consents to is the one that was asked for.
  demand(request.amount === null || request.amount === amount, 'WRONG_AMOUNT');
  const local = yield* clock();
  const now = Math.max(local ?? 0, purse.floor);
  demand(now <= request.expires, 'REQUEST_EXPIRED');
  const plan = isOwnIssuer(purse, payee)
    ? planUnload(purse, amount, now)
    : planPayment(purse, amount, now, payee, command.despiteDoubt);
  demandMemory(purse);
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
  readonly acceptMinutes: number;
  readonly stepUpAbove: bigint;
  /** Whether it counts against the limits since the last sync. */
  readonly counts: boolean;
}

/** The request and its maker, both verified (TS-REQ-2), and what it comes to. */
function* readRequest(
  purse: Purse,
  command: CommandOf<5>,
  context: Context,
): Steps<{ payee: PurseCertificate; request: Request; amount: bigint }> {
  const signed = decodeSigned(command.request);
  const request = decodePayload(signed.payload, requestCodec, 'request');
  const payee = decodePurseCertificate(command.certificate);
  const wanted = command.amount ?? request.amount;
  const amount = checkAmount(wanted ?? reject('BAD_AMOUNT', 'the request leaves it open'));
  const signatory = yield* authenticate(purse, context, {
    signed,
    certificate: payee,
    role: () => demandParties(purse, payee),
  });
  demandStanding(purse, signatory);
  // Money goes home whatever became of the own certificate (INV-REDEEM): the issuer judges that.
  if (!isIssuer(payee)) demandOwnStanding(purse);
  demand(keyOf(purse, payee.ref) === undefined, 'WRONG_PAYEE', 'this purse itself');
  demand(request.currency === purse.policy.currency, 'WRONG_CURRENCY');
  return { payee, request, amount };
}

/** A payment under a certificate that every payee must refuse would only end in doubt. */
function demandOwnStanding(purse: Purse): void {
  const { certificate, authority } = signatoryOf(purse, ownCertificate(purse));
  checkExpiry(certificate, authority, purse.floor);
  demand(!isListed(purse, certificate.profile.statusIndex), 'REVOKED', 'this purse itself');
}

/** A purse pays purses, where the policy knows its tier; and its own issuer, always. */
function demandParties(purse: Purse, payee: PurseCertificate): void {
  if (isIssuer(payee)) demand(isOwnIssuer(purse, payee), 'WRONG_ROLE', 'not the own issuer');
  else tierOf(purse.policy, ownCertificate(purse));
}

function planPayment(
  purse: Purse,
  amount: bigint,
  now: Seconds,
  payee: PurseCertificate,
  despiteDoubt: boolean,
): Plan {
  const inDoubt = purse.open.some(
    (each) => each.state === IN_DOUBT && equal(each.payee, payee.ref),
  );
  // GUARD one-in-doubt (rule 13): nobody pays twice because the first answer got lost.
  demand(despiteDoubt || !inDoubt, 'PAYMENT_IN_DOUBT');
  const tier = tierOf(purse.policy, ownCertificate(purse));
  demandMayPay(purse, tier, amount, now);
  const wanted = now + purse.policy.acceptMinutes * 60;
  const latest = latestAcceptBy(purse.policy, tier, purse.syncedAt);
  const acceptMinutes = minutesFrom(purse.syncedAt, Math.min(wanted, latest));
  // GUARD lowest-first (rule 12): one far-travelled cent must not freeze the rest.
  const parts = takeLowest(purse.balances, amount);
  const hop = demandHop(purse, parts);
  return { amount, parts, hop, acceptMinutes, stepUpAbove: tier.stepUpAbove, counts: true };
}

/** Money going home is never held back by offline limits (INV-REDEEM, TS-PAY-12). */
function planUnload(purse: Purse, amount: bigint, now: Seconds): Plan {
  const parts = takeHighest(purse.balances, amount);
  return {
    amount,
    parts,
    hop: highestHop(parts),
    acceptMinutes: minutesFrom(purse.syncedAt, now + purse.policy.acceptMinutes * 60),
    stepUpAbove: findTier(purse.policy, ownCertificate(purse))?.stepUpAbove ?? 0n,
    counts: false,
  };
}

/** Room for the payment itself; asked before the holder is, who would prove himself for nothing. */
function demandMemory(purse: Purse): void {
  demand(purse.open.length < LIMITS.openPayments, 'NEEDS_SYNC', 'too many open payments');
  nextPlace(purse);
}

function* debitAndSign(
  purse: Purse,
  signedRequest: Bytes,
  payee: PurseCertificate,
  plan: Plan,
  request: Request,
): Steps<Message> {
  const payment: Payment = {
    ...nextPlace(purse),
    payee: payee.ref,
    value: { kind: 1, currency: request.currency, amount: plan.amount, hop: plan.hop },
    syncedAt: purse.syncedAt,
    acceptMinutes: plan.acceptMinutes,
  };
  const added = append(purse, paymentCodec.encode(payment), {
    external: requestDigest(signedRequest),
  });
  const open: OpenPayment = {
    seq: payment.seq,
    id: added.id,
    payee: payee.ref,
    parts: plan.parts,
    acceptBy: lastMoment(payment),
    state: IN_DOUBT,
    counts: plan.counts,
  };
  const debited: Purse = {
    ...added.purse,
    balances: withdraw(purse.balances, plan.parts),
    spentTotal: purse.spentTotal + (plan.counts ? plan.amount : 0n),
    spentCount: purse.spentCount + (plan.counts ? 1 : 0),
    open: [...purse.open, open],
  };
  // GUARD debit-before-signature (INV-ONCE): what is signed is debited, whenever power fails.
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
  const message = yield* signAgain(purse, open.seq, (_, id) => equal(id, open.id));
  return { kind: 1, message, id: open.id };
}
