import {
  acceptBy,
  type Bytes,
  demand,
  encodePaymentEvidence,
  equal,
  LIMITS,
  receipt as receiptCodec,
  requestDigest,
  voidRecord,
} from '@tallystick/protocol';
import { append, nextPlace, signAgain, signRecord } from '../append.ts';
import { deposit, partOf } from '../balance.ts';
import type { CommandOf } from '../command.ts';
import { commit, type Steps } from '../effects.ts';
import { ACCEPTED, type Answered, type Purse, type Taken, VOIDED } from '../purse.ts';
import type { Answer } from '../reply.ts';
import { demandRoom, demandUnlocked, tierOf } from '../rules.ts';
import { type Context, isIssuer } from '../trust.ts';
import { demandAcceptable, type Presented, readPayment } from './judge.ts';

/** Accepts a payment: once committed the money is this purse's (INV-FINAL, TS-RCP-1). */
export function* receive(purse: Purse, command: CommandOf<6>, context: Context): Steps<Answer> {
  demandUnlocked(purse);
  const presented = yield* readPayment(purse, command, context);
  if (presented.before !== undefined) {
    demand(presented.before.verdict === ACCEPTED, 'ALREADY_VOIDED');
    return yield* sameAnswer(purse, presented, presented.before, command.wantReceipt);
  }
  demandAcceptable(purse, presented);
  const taken = demandReceivable(purse, presented);
  demandMemory(purse);
  const { payment, id } = presented;
  const receipt = { ...nextPlace(purse), paymentId: id, listVersion: purse.listVersion };
  const added = append(purse, receiptCodec.encode(receipt), { evidence: evidenceOf(command) });
  const credited: Purse = {
    ...added.purse,
    balances: deposit(purse.balances, [partOf(payment.value)]),
    answered: [
      ...purse.answered,
      { id, seq: receipt.seq, verdict: ACCEPTED, acceptBy: acceptBy(payment) },
    ],
    taken,
  };
  yield* commit(credited, [added.entry]);
  const message = command.wantReceipt ? yield* signRecord(credited, added.record) : null;
  return { kind: 6, verdict: ACCEPTED, paymentId: id, amount: payment.value.amount, message };
}

/** Promises never to accept a payment; an accepted one is answered with its receipt instead (TS-VOI-2). */
export function* voidPayment(purse: Purse, command: CommandOf<7>, context: Context): Steps<Answer> {
  demandUnlocked(purse);
  const presented = yield* readPayment(purse, command, context);
  if (presented.before !== undefined)
    return yield* sameAnswer(purse, presented, presented.before, true);
  demandMemory(purse);
  const { payment, id } = presented;
  const record = { ...nextPlace(purse), paymentId: id };
  const added = append(purse, voidRecord.encode(record), { evidence: evidenceOf(command) });
  const voided: Purse = {
    ...added.purse,
    answered: [
      ...purse.answered,
      { id, seq: record.seq, verdict: VOIDED, acceptBy: acceptBy(payment) },
    ],
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
  const message = wanted ? (yield* signAgain(purse, before.seq)).message : null;
  const { amount } = presented.payment.value;
  return { kind: 6, verdict: before.verdict, paymentId: presented.id, amount, message };
}

/** The payee's own limits, in order of precedence (TS-LIM-7 to 9). Returns the totals by payer. */
function demandReceivable(purse: Purse, { payment, payer }: Presented): readonly Taken[] {
  const { amount, hop } = payment.value;
  if (isIssuer(payer)) {
    demand(hop === 0, 'BAD_FIELD', 'the hop of a load must be 0');
    demandRoom(purse, amount);
    return purse.taken;
  }
  demand(hop >= 1 && hop <= purse.policy.hopMax, 'OVER_HOP_LIMIT', `hop ${hop}`);
  demandRoom(purse, amount);
  const known = purse.taken.find((each) => equal(each.payer, payer.ref));
  const total = (known?.total ?? 0n) + amount;
  demand(total <= tierOf(purse.policy, payer).payerCap, 'OVER_PAYER_CAP');
  const others = purse.taken.filter((each) => each !== known);
  demand(others.length < LIMITS.payers, 'NEEDS_SYNC', 'too many payers since the last sync');
  return [...others, { payer: payer.ref, total }];
}

function demandMemory(purse: Purse): void {
  demand(
    purse.answered.length < LIMITS.answeredPayments,
    'NEEDS_SYNC',
    'the replay memory is full',
  );
}

function evidenceOf(command: { readonly payment: Bytes; readonly request: Bytes }): Bytes {
  return encodePaymentEvidence({
    payment: command.payment,
    requestDigest: requestDigest(command.request),
  });
}
