import {
  type Bytes,
  checkSignature,
  decodePayload,
  decodeSigned,
  encodeFrame,
  equal,
  type Payment,
  payment as paymentCodec,
  recordId,
  requestDigest,
  unwrap,
} from '@tallystick/protocol';
import type { TestPurse } from '@tallystick/trusted-app/testing';
import type { Answer, Rig } from './rig.ts';
import { type Asked, counterOffer, counterpart, type Made } from './counterpart.ts';
import { expectFrame, expectNoFrame, expectRefused } from './expect.ts';
import { expectThat } from './violation.ts';

/** A payment of the purse under test, read and verified as its payee would. */
export interface Paid extends Made {
  readonly content: Payment;
  /** Null where the payee is expected to know it. */
  readonly certificate: Bytes | null;
}

/** The payment that an answer must bring, for this offer (TS-PAY-1, TS-PAY-5). */
export function expectPayment(rig: Rig, answer: Answer, to: Asked): Paid {
  const { payment, certificate } = expectFrame(answer, 2);
  return { ...readPayment(rig, payment, to), certificate };
}

/** A payment that the purse under test signed for this offer. */
function readPayment(rig: Rig, payment: Bytes, to: Asked): Omit<Paid, 'certificate'> {
  const { key, ref } = rig.own;
  const external = requestDigest(to.request);
  const what = 'a payment signed for this request (TS-PAY-5)';
  const content = rig.verified(what, payment, function* (bytes) {
    const signed = decodeSigned(bytes, external);
    expectThat(equal(signed.kid, ref), 'the name of its certificate', 'another', bytes);
    yield* checkSignature(signed, key);
    return decodePayload(signed.payload, paymentCodec, 'payment');
  });
  expectThat(equal(content.payee, to.payee), 'a payment to this payee', 'to another', payment);
  return { payment, id: recordId(decodeSigned(payment, external)), content };
}

/** The payment again that an answer must bring to be presented. */
export function expectPresented(
  rig: Rig,
  answer: Answer,
  to: Asked,
  voidIt: boolean,
): Omit<Paid, 'certificate'> {
  const frame = expectFrame(answer, 4);
  const isSo = frame.voidIt === voidIt && equal(frame.request, to.request);
  expectThat(isSo, 'its request and what is asked for (TS-SES-1)', 'something else', frame.payment);
  return readPayment(rig, frame.payment, to);
}

/** What a counterpart answers to a payment of the purse under test, which it must accept. */
export function acceptBy(payee: TestPurse, to: Asked, { payment }: Made, rig: Rig): Bytes {
  const { request } = to;
  const command = { kind: 6, payment, certificate: rig.certificate, request } as const;
  const reply = unwrap(payee.run({ ...command, wantReceipt: true }));
  if (reply.kind !== 6 || reply.message === null) throw new Error('no receipt');
  return encodeFrame({ kind: 3, receipt: reply.message });
}

/** The counterpart's void, as a frame. */
export function voidBy(payee: TestPurse, to: Asked, { payment }: Made, rig: Rig): Bytes {
  const { request } = to;
  const reply = unwrap(payee.run({ kind: 7, payment, certificate: rig.certificate, request }));
  if (reply.kind !== 6 || reply.message === null) throw new Error('no void');
  return encodeFrame({ kind: 5, void: reply.message });
}

/** A payee with an offer. */
export interface Till {
  readonly payee: TestPurse;
  readonly offer: Asked;
}

export function till(rig: Rig, amount: bigint | null, label = 'payee'): Till {
  const payee = counterpart(rig, label);
  return { payee, offer: counterOffer(payee, amount) };
}

/** Loads, and pays a counterpart, which has not answered yet. */
export async function loadedAndPaid(
  rig: Rig,
  amount: bigint,
  load = 5_000n,
): Promise<Till & { readonly paid: Paid }> {
  await rig.start();
  await rig.load(load);
  const at = till(rig, amount);
  const paid = expectPayment(rig, await rig.pay(at.offer.bytes), at.offer);
  return { ...at, paid };
}

/** A whole payment: offer, payment, receipt, and nothing in doubt after it. */
export async function payWhole(rig: Rig, { payee, offer }: Till): Promise<Paid> {
  const paid = expectPayment(rig, await rig.pay(offer.bytes), offer);
  await rig.deliver(acceptBy(payee, offer, paid, rig));
  await rig.end();
  return paid;
}

/** That no payment leaves, and with which code; a purse may need to hear that nothing more comes. */
export async function expectUnpaid(
  rig: Rig,
  offer: Bytes,
  code: string,
  choice: Parameters<Rig['pay']>[1] = {},
): Promise<void> {
  const { balance } = await rig.state();
  const answer = await rig.pay(offer, choice);
  expectNoFrame(answer, 2);
  const last = answer.code === null ? await rig.end() : answer;
  expectRefused(last, code);
  await rig.expectBalance(balance, 'as before: nothing was paid');
}

/** That this payment, and nothing else, is in doubt. */
export async function expectInDoubt(rig: Rig, ...wanted: readonly Made[]): Promise<void> {
  const { inDoubt } = await rig.state();
  const isSo =
    inDoubt.length === wanted.length &&
    wanted.every(({ id }) => inDoubt.some((each) => equal(each, id)));
  const seen = `${inDoubt.length} in doubt`;
  expectThat(isSo, `${wanted.length} payments in doubt, and these`, seen);
}
