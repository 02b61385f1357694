import {
  acceptBy,
  type Bytes,
  demand,
  encodePaymentEvidence,
  equal,
  LIMITS,
  type LogRecord,
  RECORD,
  receipt as receiptCodec,
  requestDigest,
  voidRecord,
} from '@tallystick/protocol';
import { append, nextPlace } from '../append.ts';
import { deposit, partOf } from '../balance.ts';
import type { CommandOf } from '../command.ts';
import { commit, type Steps } from '../effects.ts';
import { ACCEPTED, type Answered, type Purse, type Taken, VOIDED } from '../purse.ts';
import type { Answer } from '../reply.ts';
import { demandRoom, demandUnlocked, lastMoment, tierOf } from '../rules.ts';
import { signAgain, signRecord } from '../signing.ts';
import { type Context, isIssuer } from '../trust.ts';
import {
  addressedKey,
  answerTo,
  anyPayer,
  authenticPayer,
  demandAcceptable,
  demandPayerStanding,
  listedPayer,
  type Presented,
  readPresented,
} from './judge.ts';

/** Most voids in the replay memory: whoever asks for many must not keep payments out (TS-VOI-4). */
const VOIDS_MAX = LIMITS.answeredPayments / 2;

/** Accepts a payment: once committed the money is this purse's (INV-FINAL, TS-RCP-1). */
export function* receive(purse: Purse, command: CommandOf<6>, context: Context): Steps<Answer> {
  demandUnlocked(purse);
  const presented = readPresented(command);
  const before = answerTo(purse, presented);
  // GUARD accept-once (rule 3): a payment that was answered is not taken again.
  if (before !== undefined) {
    // GUARD void-is-final (rule 4): a voided payment is refused, not answered with its void.
    demand(before.verdict === ACCEPTED, 'ALREADY_VOIDED');
    return yield* sameAnswer(purse, presented, before, command.wantReceipt);
  }
  const payer = yield* authenticPayer(purse, context, presented, listedPayer(purse));
  demandPayerStanding(purse, payer);
  const key = addressedKey(purse, presented);
  yield* demandAcceptable(purse, presented, key);
  const taken = demandReceivable(purse, presented);
  demandMemory(purse.answered.length, LIMITS.answeredPayments);
  const { payment, id } = presented;
  const receipt = { ...nextPlace(purse), paymentId: id, listVersion: purse.listVersion };
  // The key that the payment names answers it: its payer knows no other one of this purse.
  const options = { key, evidence: evidenceOf(command) };
  const added = append(purse, receiptCodec.encode(receipt), options);
  const credited: Purse = {
    ...added.purse,
    balances: deposit(purse.balances, [partOf(payment.value)]),
    answered: [...purse.answered, remembered(presented, receipt.seq, ACCEPTED)],
    taken,
  };
  yield* commit(credited, [added.entry]);
  const message = command.wantReceipt ? yield* signRecord(credited, added.record) : null;
  return { kind: 6, verdict: ACCEPTED, paymentId: id, amount: payment.value.amount, message };
}

/**
 * Promises never to accept a payment; an accepted one is answered with its receipt instead
 * (TS-VOI-2). Once its time is closed this purse may have accepted and forgotten it, so that only
 * reconciliation can tell.
 */
export function* voidPayment(purse: Purse, command: CommandOf<7>, context: Context): Steps<Answer> {
  demandUnlocked(purse);
  const presented = readPresented(command);
  const before = answerTo(purse, presented);
  // GUARD receipt-or-void (rule 4): an accepted payment is never voided.
  if (before !== undefined) return yield* sameAnswer(purse, presented, before, true);
  yield* authenticPayer(purse, context, presented, anyPayer(purse));
  const key = addressedKey(purse, presented);
  const { payment, id } = presented;
  // GUARD void-in-time (rule 3): what it may have accepted and forgotten it does not void.
  demand(acceptBy(payment) >= purse.closedBefore, 'PAST_ACCEPT_BY', 'a sync settles it');
  const voids = purse.answered.filter(({ verdict }) => verdict === VOIDED).length;
  demandMemory(purse.answered.length, LIMITS.answeredPayments);
  demandMemory(voids, VOIDS_MAX);
  const record = { ...nextPlace(purse), paymentId: id };
  const options = { key, evidence: evidenceOf(command) };
  const added = append(purse, voidRecord.encode(record), options);
  const voided: Purse = {
    ...added.purse,
    answered: [...purse.answered, remembered(presented, record.seq, VOIDED)],
  };
  yield* commit(voided, [added.entry]);
  const message = yield* signRecord(voided, added.record);
  return { kind: 6, verdict: VOIDED, paymentId: id, amount: payment.value.amount, message };
}

/** The answer given before, signed again over the same record: presenting twice changes nothing. */
function* sameAnswer(
  purse: Purse,
  presented: Presented,
  before: Answered,
  wanted: boolean,
): Steps<Answer> {
  const expected = (record: LogRecord): boolean => answers(record, before);
  const message = wanted ? yield* signAgain(purse, before.seq, expected) : null;
  const { amount } = presented.payment.value;
  return { kind: 6, verdict: before.verdict, paymentId: presented.id, amount, message };
}

function answers(record: LogRecord, { id, verdict }: Answered): boolean {
  const kind = verdict === ACCEPTED ? RECORD.receipt : RECORD.void;
  return record.kind === kind && equal(record.paymentId, id);
}

function remembered(
  { id, payment }: Presented,
  seq: number,
  verdict: Answered['verdict'],
): Answered {
  return { id, seq, verdict, acceptBy: lastMoment(payment) };
}

/** The payee's own limits, in order of precedence (TS-LIM-7 to 9). Returns the totals by payer. */
function demandReceivable(purse: Purse, { payment, payer }: Presented): readonly Taken[] {
  const { amount, hop } = payment.value;
  const isLoad = isIssuer(payer);
  const fits = isLoad ? hop === 0 : hop >= 1 && hop <= purse.policy.hopMax;
  // GUARD payee-hops (rule 12): the payee counts hops too, whatever the payer's software does.
  demand(fits, 'OVER_HOP_LIMIT', `hop ${hop}${isLoad ? ' of a load' : ''}`);
  demandRoom(purse, amount);
  if (isLoad) return purse.taken;
  const known = purse.taken.find((each) => equal(each.payer, payer.ref));
  const total = (known?.total ?? 0n) + amount;
  // GUARD payer-cap (rule 5): a broken payer costs each payee no more than this.
  demand(total <= tierOf(purse.policy, payer).payerCap, 'OVER_PAYER_CAP');
  const others = purse.taken.filter((each) => each !== known);
  demand(others.length < LIMITS.payers, 'NEEDS_SYNC', 'too many payers since the last sync');
  return [...others, { payer: payer.ref, total }];
}

function demandMemory(used: number, most: number): void {
  // GUARD replay-memory (rule 3): a full memory refuses, it never forgets.
  demand(used < most, 'NEEDS_SYNC', `the replay memory holds ${most} of these`);
}

function evidenceOf(command: { readonly payment: Bytes; readonly request: Bytes }): Bytes {
  return encodePaymentEvidence({
    payment: command.payment,
    requestDigest: requestDigest(command.request),
  });
}
