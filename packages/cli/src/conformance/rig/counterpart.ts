import {
  type Algorithm,
  type Bytes,
  decodePurseCertificate,
  decodeSigned,
  encodeFrame,
  ES256,
  equal,
  type Payment,
  payment as paymentCodec,
  receipt as receiptCodec,
  recordId,
  requestDigest,
  voidRecord,
  checkSignature,
  decodePayload,
} from '@tallystick/protocol';
import {
  ask,
  enrolledKey,
  payCommand,
  personaliseCommand,
  START,
  TestDevice,
  type TestParticipant,
  type TestPurse,
} from '@tallystick/trusted-app/testing';
import type { Answer, Rig } from './rig.ts';
import { expectFrame } from './expect.ts';
import type { Certified } from './issuer.ts';
import { expectThat } from './violation.ts';

/**
 * The other device: the real trusted application with its storage in memory. It judges what the
 * program under test sends, and signs whatever a case wants signed, as a broken purse would.
 */
export function counterpart(
  rig: Rig,
  label: string,
  change: Certified = {},
  alg: Algorithm = ES256,
): TestPurse {
  const { scheme, other } = rig.issuer;
  const device = new TestDevice(label);
  const order = { kind: 2, alg, challenge: new Uint8Array(32), pin: null } as const;
  const { enrolment } = device.get(order, 2);
  const certificate = other.certify(enrolledKey(enrolment), change);
  const command = personaliseCommand(scheme, certificate);
  device.get({ ...command, policy: rig.issuer.policy(), list: rig.issuer.list() }, 0);
  return Object.assign(device, { certificate });
}

/** A purse nobody personalised, with a certificate as a case wants it: enough to forge with. */
export function stranger(
  label: string,
  by: Pick<TestParticipant, 'certify'>,
  change: Certified = {},
): TestPurse {
  const device = new TestDevice(label);
  const order = { kind: 2, alg: ES256, challenge: new Uint8Array(32), pin: null } as const;
  const { enrolment } = device.get(order, 2);
  return Object.assign(device, { certificate: by.certify(enrolledKey(enrolment), change) });
}

/** Gives a counterpart money from its issuer. */
export function fund(rig: Rig, purse: TestPurse, amount: bigint): void {
  const { other } = rig.issuer;
  const request = ask(purse, amount);
  const payment = other.load(request, purse.certificate, amount);
  const { certificate } = other.issuer;
  purse.get({ kind: 6, payment, certificate, request, wantReceipt: false }, 6);
}

/** What a payee shows, taken apart. */
export interface Asked {
  /** The frame. */
  readonly bytes: Bytes;
  readonly request: Bytes;
  readonly certificate: Bytes;
  /** Reference of the certificate. */
  readonly payee: Bytes;
}

/** A counterpart asks for money. */
export function counterOffer(
  purse: TestPurse,
  amount: bigint | null,
  change: Parameters<typeof ask>[2] = {},
): Asked {
  return offering(ask(purse, amount, change), purse.certificate);
}

/** An offer frame around a request. */
export function offering(request: Bytes, certificate: Bytes, listVersion = 1): Asked {
  const bytes = encodeFrame({ kind: 1, request, certificate, listVersion });
  return { bytes, request, certificate, payee: decodePurseCertificate(certificate).ref };
}

/** A payment with its id. */
export interface Made {
  readonly payment: Bytes;
  readonly id: Bytes;
}

/** An honest payment by a counterpart. */
export function payFrom(purse: TestPurse, to: Asked, amount: bigint | null = null): Made {
  const choice = { amount, despiteDoubt: true };
  const { message, id } = purse.get(payCommand(to.request, to.certificate, choice), 1);
  return { payment: message, id };
}

/** A payment with fields as a case wants them, rightly signed by the payer all the same. */
export function forgePayment(
  purse: TestPurse,
  to: Asked,
  change: Partial<Payment> = {},
  external: Bytes = requestDigest(to.request),
): Made {
  const content = paymentCodec.encode({ ...plainPayment(to), ...change });
  return made(purse.forge(purse.certificate, content, external), external);
}

/** What an honest payer might sign for 10.00, at any position. */
function plainPayment({ payee }: Asked): Payment {
  return {
    seq: 5,
    head: new Uint8Array(32).fill(1),
    payee,
    value: { kind: 1, currency: 978, amount: 1_000n, hop: 1 },
    syncedAt: START,
    acceptMinutes: 1_440,
  };
}

/** The share of a balance, with an amount or hop of its own. */
export function valueOf(change: Partial<Payment['value']>): Pick<Payment, 'value'> {
  return { value: { kind: 1, currency: 978, amount: 1_000n, hop: 1, ...change } };
}

export function made(payment: Bytes, external: Bytes): Made {
  return { payment, id: recordId(decodeSigned(payment, external)) };
}

export function payFrame({ payment }: Made, certificate: Bytes | null): Bytes {
  return encodeFrame({ kind: 2, payment, certificate });
}

export function presentFrame(
  { payment }: Made,
  certificate: Bytes,
  to: Asked,
  voidIt: boolean,
): Bytes {
  return encodeFrame({ kind: 4, payment, certificate, request: to.request, voidIt });
}

/** The receipt an answer must bring: of this payment, under the certificate it names (TS-RCP-1). */
export function expectReceipt(rig: Rig, answer: Answer, to: Asked, { id }: Made): Bytes {
  const { receipt } = expectFrame(answer, 3);
  const content = readSigned(rig, receipt, to, 'a receipt signed by the payee (TS-RCP-1)');
  const { paymentId } = decodePayload(content, receiptCodec, 'receipt');
  expectThat(equal(paymentId, id), 'a receipt of this payment (TS-RCP-1)', 'of another', receipt);
  return recordId(decodeSigned(receipt));
}

/** The void an answer must bring, likewise; its record id (TS-VOI-1). */
export function expectVoid(rig: Rig, answer: Answer, to: Asked, { id }: Made): Bytes {
  const { void: message } = expectFrame(answer, 5);
  const content = readSigned(rig, message, to, 'a void signed by the payee (TS-VOI-1)');
  const { paymentId } = decodePayload(content, voidRecord, 'void');
  expectThat(equal(paymentId, id), 'a void of this payment (TS-VOI-1)', 'of another', message);
  return recordId(decodeSigned(message));
}

function readSigned(rig: Rig, message: Bytes, to: Asked, what: string): Bytes {
  const { key, ref } = decodePurseCertificate(to.certificate);
  return rig.verified(what, message, function* (bytes) {
    const signed = decodeSigned(bytes);
    expectThat(equal(signed.kid, ref), what, 'the name of another certificate', bytes);
    yield* checkSignature(signed, key);
    return signed.payload;
  });
}
