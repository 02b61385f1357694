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
import type { Answer, Bench } from './bench.ts';
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
export function expectPayment(bench: Bench, answer: Answer, to: Asked): Paid {
  const { payment, certificate } = expectFrame(answer, 2);
  return { ...readPayment(bench, payment, to), certificate };
}

/** A payment that the purse under test signed for this offer. */
function readPayment(bench: Bench, payment: Bytes, to: Asked): Omit<Paid, 'certificate'> {
  const { key, ref } = bench.own;
  const external = requestDigest(to.request);
  const what = 'a payment signed for this request (TS-PAY-5)';
  const content = bench.verified(what, payment, function* (bytes) {
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
  bench: Bench,
  answer: Answer,
  to: Asked,
  voidIt: boolean,
): Omit<Paid, 'certificate'> {
  const frame = expectFrame(answer, 4);
  const isSo = frame.voidIt === voidIt && equal(frame.request, to.request);
  expectThat(isSo, 'its request and what is asked for (TS-SES-1)', 'something else', frame.payment);
  return readPayment(bench, frame.payment, to);
}

/** What a counterpart answers to a payment of the purse under test, which it must accept. */
export function acceptBy(payee: TestPurse, to: Asked, { payment }: Made, bench: Bench): Bytes {
  const { request } = to;
  const command = { kind: 6, payment, certificate: bench.certificate, request } as const;
  const reply = unwrap(payee.run({ ...command, wantReceipt: true }));
  if (reply.kind !== 6 || reply.message === null) throw new Error('no receipt');
  return encodeFrame({ kind: 3, receipt: reply.message });
}

/** The counterpart's void, as a frame. */
export function voidBy(payee: TestPurse, to: Asked, { payment }: Made, bench: Bench): Bytes {
  const { request } = to;
  const reply = unwrap(payee.run({ kind: 7, payment, certificate: bench.certificate, request }));
  if (reply.kind !== 6 || reply.message === null) throw new Error('no void');
  return encodeFrame({ kind: 5, void: reply.message });
}

/** A payee with an offer. */
export interface Till {
  readonly payee: TestPurse;
  readonly offer: Asked;
}

export function till(bench: Bench, amount: bigint | null, label = 'payee'): Till {
  const payee = counterpart(bench, label);
  return { payee, offer: counterOffer(payee, amount) };
}

/** Loads, and pays a counterpart, which has not answered yet. */
export async function loadedAndPaid(
  bench: Bench,
  amount: bigint,
  load = 5_000n,
): Promise<Till & { readonly paid: Paid }> {
  await bench.start();
  await bench.load(load);
  const at = till(bench, amount);
  const paid = expectPayment(bench, await bench.pay(at.offer.bytes), at.offer);
  return { ...at, paid };
}

/** A whole payment: offer, payment, receipt, and nothing in doubt after it. */
export async function payWhole(bench: Bench, { payee, offer }: Till): Promise<Paid> {
  const paid = expectPayment(bench, await bench.pay(offer.bytes), offer);
  await bench.deliver(acceptBy(payee, offer, paid, bench));
  await bench.end();
  return paid;
}

/** That no payment leaves, and with which code; a purse may need to hear that nothing more comes. */
export async function expectUnpaid(
  bench: Bench,
  offer: Bytes,
  code: string,
  choice: Parameters<Bench['pay']>[1] = {},
): Promise<void> {
  const { balance } = await bench.state();
  const answer = await bench.pay(offer, choice);
  expectNoFrame(answer, 2);
  const last = answer.code === null ? await bench.end() : answer;
  expectRefused(last, code);
  await bench.expectBalance(balance, 'as before: nothing was paid');
}

/** That this payment, and nothing else, is in doubt. */
export async function expectInDoubt(bench: Bench, ...wanted: readonly Made[]): Promise<void> {
  const { inDoubt } = await bench.state();
  const isSo =
    inDoubt.length === wanted.length &&
    wanted.every(({ id }) => inDoubt.some((each) => equal(each, id)));
  const seen = `${inDoubt.length} in doubt`;
  expectThat(isSo, `${wanted.length} payments in doubt, and these`, seen);
}
