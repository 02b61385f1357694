import { ED25519, ES256 } from '../algorithm.ts';
import { type Bytes, sha256 } from '../bytes.ts';
import type { Cbor } from '../cbor.ts';
import { anchorRef } from '../certificate.ts';
import type { Codec } from '../codec.ts';
import { recordId, type Unsigned } from '../cose.ts';
import { type Enrolment, enrolment, keyRef } from '../enrolment.ts';
import { encodeSignedImage, type ImageManifest, unsignedManifest } from '../image-manifest.ts';
import { GENESIS } from '../log.ts';
import { type LostReport, lostReport, type Refund, refund } from '../lost-device.ts';
import { type Payment, payment } from '../payment.ts';
import { type Policy, policy, type TimeReset, timeReset } from '../policy.ts';
import {
  type Adopt,
  adopt,
  type Receipt,
  receipt,
  type Renewal,
  renewal,
  type Restore,
  restore,
  type Statement,
  statement,
  type Void,
  voidRecord,
} from '../records.ts';
import { type Request, request, requestDigest } from '../request.ts';
import { statusBits } from '../status-bits.ts';
import { type StatusDelta, statusDelta } from '../status-delta.ts';
import { type StatusList, unsignedStatusList } from '../status-list.ts';
import { type Answer, answer, type Closure, closure } from '../sync.ts';
import { alice, anchor, bob, issuerA, NOW, operatorKey, type Party, root } from './cast.ts';
import { type Signer, sign, signerOf, unsigned } from './signer.ts';

/** One valid message of each kind, told as one story: Alice pays Bob 12.50 on Bob's request. */

/** Bytes that only have to differ from others. */
export function filler(length: number, seed: number): Bytes {
  return Uint8Array.from({ length }, (_, index) => (seed * 31 + index * 7) & 0xff);
}

export interface Sample<T> {
  readonly fields: T;
  readonly record: Unsigned;
  readonly id: Bytes;
  readonly wire: Bytes;
}

/** A message of a party, with the fields given. */
export function messageOf<T>(codec: Codec<T>, fields: T, by: Party, external?: Bytes): Sample<T> {
  const payload: Cbor = codec.encode(fields);
  const record = unsigned(by.signer.key.alg, by.certificate.ref, payload, external);
  return { fields, record, id: recordId(record), wire: sign(record, by.signer) };
}

export const requestFields: Request = {
  currency: 978,
  amount: 1_250n,
  expires: NOW + 900,
  nonce: filler(8, 1),
  tag: filler(8, 2),
  isStatic: false,
};
export const requestSample: Sample<Request> = messageOf(request, requestFields, bob);

export const paymentFields: Payment = {
  seq: 7,
  head: filler(32, 3),
  payee: bob.certificate.ref,
  value: { kind: 1, currency: 978, amount: 1_250n, hop: 1 },
  syncedAt: NOW - 86_400,
  acceptMinutes: 2_880,
};
/** A payment as Alice makes it, with some fields changed. */
export function paymentOf(change: Partial<Payment> = {}, by: Party = alice): Sample<Payment> {
  const external = requestDigest(requestSample.wire);
  return messageOf(payment, { ...paymentFields, ...change }, by, external);
}
export const paymentSample: Sample<Payment> = paymentOf();

export const receiptSample: Sample<Receipt> = messageOf(
  receipt,
  { seq: 4, head: filler(32, 4), paymentId: paymentSample.id, listVersion: 12 },
  bob,
);
export const voidSample: Sample<Void> = messageOf(
  voidRecord,
  { seq: 4, head: filler(32, 4), paymentId: paymentSample.id },
  bob,
);
export const restoreSample: Sample<Restore> = messageOf(
  restore,
  { seq: 8, head: filler(32, 5), paymentId: paymentSample.id },
  alice,
);
export const adoptSample: Sample<Adopt> = messageOf(
  adopt,
  { seq: 1, head: GENESIS, policyVersion: 3, listVersion: 12, floor: NOW - 3_600 },
  alice,
);
export const renewalSample: Sample<Renewal> = messageOf(
  renewal,
  { seq: 9, head: filler(32, 6), alg: ED25519, key: signerOf('alice', ED25519).key.bytes },
  alice,
);
export const statementFields: Statement = {
  seq: 10,
  head: filler(32, 7),
  floor: NOW,
  balance: 4_750n,
  policyVersion: 3,
  listVersion: 12,
  epoch: 2,
  condition: 0,
};
export const statementSample: Sample<Statement> = messageOf(statement, statementFields, alice);
export const answerSample: Sample<Answer> = messageOf(
  answer,
  {
    statementId: statementSample.id,
    ackedTo: 10,
    epoch: 3,
    time: NOW + 60,
    settled: [paymentSample.id],
  },
  issuerA,
);
export const closureSample: Sample<Closure> = messageOf(
  closure,
  { paymentId: paymentSample.id, statementId: statementSample.id, time: NOW + 60 },
  issuerA,
);

export const lostReportSample: Sample<LostReport> = messageOf(
  lostReport,
  {
    purse: alice.certificate.ref,
    statement: statementSample.id,
    time: NOW + 86_400,
    syncedAt: NOW + 60,
    offlineSeconds: 604_800,
    expires: NOW + 2_592_000,
    acceptSeconds: 86_400,
    claimSeconds: 1_209_600,
  },
  issuerA,
);
export const refundSample: Sample<Refund> = messageOf(
  refund,
  {
    purse: alice.certificate.ref,
    number: 1,
    report: lostReportSample.id,
    statement: statementSample.id,
    payments: [paymentSample.id],
    currency: 978,
    amount: 4_250n,
    time: NOW + 1_900_861,
  },
  issuerA,
);

export const policyFields: Policy = {
  version: 3,
  issuedAt: NOW - 7_200,
  currency: 978,
  hopMax: 12,
  acceptMinutes: 1_440,
  claimSeconds: 1_209_600,
  staleSeconds: 604_800,
  graceSeconds: 604_800,
  skewSeconds: 7_200,
  emergency: false,
  tiers: [
    {
      tier: 1,
      paymentMax: 20_000n,
      balanceMax: 100_000n,
      totalMax: 100_000n,
      countMax: 200,
      stepUpAbove: 5_000n,
      payerCap: 50_000n,
      offlineSeconds: 604_800,
    },
  ],
  measurements: [{ index: 1, sha256: sha256(filler(1, 8)), acceptedUntil: NOW + 31_536_000 }],
};

function rootMessage<T>(codec: Codec<T>, fields: T): Sample<T> {
  const record = unsigned(ES256, anchorRef(anchor), codec.encode(fields));
  return { fields, record, id: recordId(record), wire: sign(record, root) };
}
export const policySample: Sample<Policy> = rootMessage(policy, policyFields);
export const timeResetSample: Sample<TimeReset> = rootMessage(timeReset, {
  version: 1,
  floor: NOW - 172_800,
});

const newcomer = signerOf('newcomer');
export const enrolmentFields: Enrolment = {
  alg: ES256,
  key: newcomer.key.bytes,
  measurement: sha256(filler(1, 8)),
  environment: 'plain-process',
  evidence: new Uint8Array(0),
  challenge: filler(32, 9),
};
const enrolmentRecord = unsigned(ES256, keyRef(newcomer.key), enrolment.encode(enrolmentFields));
export const enrolmentSample: Sample<Enrolment> = {
  fields: enrolmentFields,
  record: enrolmentRecord,
  id: recordId(enrolmentRecord),
  wire: sign(enrolmentRecord, newcomer),
};

/** Who publishes the trusted application, and an image that is as small as one can be. */
export const publisher: Signer = signerOf('publisher');
const imageCode = Uint8Array.from('var tallystick={call:r=>r}', (each) => each.charCodeAt(0));
export const imageFields: ImageManifest = {
  version: 2,
  size: imageCode.length,
  sha256: sha256(imageCode),
};
const imageRecord = unsignedManifest(imageFields, publisher.key);
export const imageSample: Sample<ImageManifest> = {
  fields: imageFields,
  record: imageRecord,
  id: recordId(imageRecord),
  wire: sign(imageRecord, publisher),
};
export const signedImageWire: Bytes = encodeSignedImage({
  manifest: imageSample.wire,
  code: imageCode,
});

export const listFields: StatusList = {
  uri: 'https://sandbox.tallystick.example/v1/status-list',
  issuedAt: NOW - 3_600,
  version: 12,
  bits: statusBits([3, 70_009]),
};
export const deltaSample: Sample<StatusDelta> = messageOf(
  statusDelta,
  { base: 12, version: 14, issuedAt: NOW, revoked: [5, 70_003, 70_011] },
  operatorKey,
);
const listRecord = unsignedStatusList(listFields, {
  alg: operatorKey.signer.key.alg,
  ref: operatorKey.certificate.ref,
});
export const listSample: Sample<StatusList> = {
  fields: listFields,
  record: listRecord,
  id: recordId(listRecord),
  wire: sign(listRecord, operatorKey.signer),
};
