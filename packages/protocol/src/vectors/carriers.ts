import { ES256 } from '../algorithm.ts';
import { type Attestation, credential, introduction } from '../attestation.ts';
import type { Bytes } from '../bytes.ts';
import { encodeCertificate } from '../certificate.ts';
import { NO_EXTERNAL } from '../cose.ts';
import * as api from '../device-api.ts';
import { encodePaymentEvidence } from '../evidence.ts';
import { encodeProof, type ForkProof, type LogProof, type PositionProof } from '../fork-proof.ts';
import { encodeFrame, type Frame } from '../frame.ts';
import { encodeEntry, entrySalt, headAfter, type LogEntry } from '../log.ts';
import type { Payment } from '../payment.ts';
import { type Adopt, adopt, type Statement, statement } from '../records.ts';
import { requestDigest } from '../request.ts';
import { encodeReply, encodeUpload } from '../sync.ts';
import { type LogPlace, placeDigest, witnessOf, witnessSalt, witnessSet } from '../witness.ts';
import { alice, bankA, bankB, bob, issuerA, NOW, operatorKey, root, SCHEME } from './cast.ts';
import {
  adoptSample,
  answerSample,
  closureSample,
  deltaSample,
  enrolmentSample,
  filler,
  listSample,
  messageOf,
  paymentFields,
  paymentOf,
  paymentSample,
  policySample,
  receiptSample,
  renewalSample,
  requestSample,
  type Sample,
  statementFields,
  voidSample,
} from './samples.ts';

/** What carries messages: frames, log entries, uploads, replies, proofs, bodies of the device API. */

export const paymentFrame: Bytes = encodeFrame({
  kind: 2,
  payment: paymentSample.wire,
  certificate: alice.wire,
});
/** To a payee that holds the payer's certificate already. */
export const bareFrame: Bytes = encodeFrame({
  kind: 2,
  payment: paymentSample.wire,
  certificate: null,
});

/** What the two sides of a contact draw, and what they tell under the salt of both. */
export const nonces: readonly [Bytes, Bytes] = [filler(16, 20), filler(16, 21)];
export const contactSalt: Bytes = witnessSalt(...nonces);
export const places: readonly [WitnessPlace, WitnessPlace] = [
  { kid: alice.certificate.ref, seq: paymentSample.fields.seq, id: paymentSample.id },
  { kid: alice.certificate.ref, seq: 41, id: receiptSample.id },
];

interface WitnessPlace extends LogPlace {
  readonly id: Bytes;
}

function toldOf(of: WitnessPlace): Bytes {
  return witnessOf(contactSalt, placeDigest(contactSalt, of), of.id);
}

export const frames: readonly Frame[] = [
  { kind: 1, request: requestSample.wire, certificate: bob.wire, listVersion: 12 },
  { kind: 2, payment: paymentSample.wire, certificate: alice.wire },
  { kind: 2, payment: paymentSample.wire, certificate: null },
  { kind: 3, receipt: receiptSample.wire },
  {
    kind: 4,
    payment: paymentSample.wire,
    certificate: alice.wire,
    request: requestSample.wire,
    voidIt: true,
  },
  { kind: 5, void: voidSample.wire },
  { kind: 6, list: listSample.wire, certificate: operatorKey.wire },
  { kind: 8, code: 'WRONG_AMOUNT', listVersion: 12 },
  { kind: 9, delta: deltaSample.wire, certificate: operatorKey.wire },
  { kind: 9, delta: deltaSample.wire, certificate: null },
  { kind: 10, nonce: nonces[0], set: new Uint8Array(0) },
  { kind: 10, nonce: nonces[1], set: witnessSet(places.map((each) => toldOf(each))) },
  { kind: 11, place: placeDigest(contactSalt, places[0]) },
  { kind: 12, exhibit: exhibit(paymentSample) },
];

const LOG_SECRET = filler(32, 10);

/** An entry of the log whose secret is fixed here. */
export function entryOf(sample: Sample<unknown>, evidence: Bytes | null = null): LogEntry {
  return { record: sample.record, salt: entrySalt(LOG_SECRET, sample.id), evidence };
}

export const evidenceWire: Bytes = encodePaymentEvidence({
  payment: paymentSample.wire,
  requestDigest: requestDigest(requestSample.wire),
});
export const paymentEntry: Bytes = encodeEntry(entryOf(paymentSample));
export const receiptEntry: Bytes = encodeEntry(entryOf(receiptSample, evidenceWire));

/** Alice's log as far as the proofs need it: an adoption, then her payment, then a statement. */
const firstEntry = entryOf(adoptSample);
const afterFirst = headAfter(adoptSample.fields.head, firstEntry);
export const loggedPayment: Sample<Payment> = paymentOf({ seq: 2, head: afterFirst });
const secondEntry = entryOf(loggedPayment);
export const loggedStatement: Sample<Statement> = messageOf(
  statement,
  { ...statementFields, seq: 3, head: headAfter(afterFirst, secondEntry) },
  alice,
);

function exhibit(sample: Sample<unknown>): { external: Bytes; record: Bytes } {
  return { external: sample.record.external, record: sample.wire };
}

/** Two payments at position 7: the purse was copied and spent twice. */
const secondPayment: Sample<Payment> = paymentOf({
  value: { ...paymentFields.value, amount: 1_300n },
});
export const positionProof: PositionProof = {
  kind: 1,
  certificate: alice.wire,
  first: exhibit(paymentSample),
  second: exhibit(secondPayment),
};
/** A payment at position 2 that is not in the log of a later statement. */
export const hiddenPayment: Sample<Payment> = paymentOf({
  seq: 2,
  head: afterFirst,
  acceptMinutes: 60,
});
export const logProof: LogProof = {
  kind: 2,
  certificate: alice.wire,
  record: exhibit(hiddenPayment),
  statement: loggedStatement.wire,
  start: afterFirst,
  steps: [{ salt: secondEntry.salt, id: loggedPayment.id }],
};
/** Bob answered one payment both ways. */
export const answerProof: ForkProof = {
  kind: 3,
  certificate: bob.wire,
  receipt: receiptSample.wire,
  void: voidSample.wire,
};
export const proofs: readonly ForkProof[] = [positionProof, logProof, answerProof];

export const uploadWire: Bytes = encodeUpload({
  statement: loggedStatement.wire,
  entries: [
    encodeEntry(firstEntry),
    encodeEntry(secondEntry),
    encodeEntry(entryOf(loggedStatement)),
  ],
  proofs: [encodeProof(positionProof)],
});
export const replyWire: Bytes = encodeReply({
  answer: answerSample.wire,
  certificates: [issuerA.wire, operatorKey.wire],
  policy: policySample.wire,
  list: listSample.wire,
  closures: [closureSample.wire],
  refused: [{ index: 1, code: 'BAD_SIGNATURE' }],
});

const tpmStatement = { attest: filler(129, 3), signature: filler(64, 4) };

/** With and without a counter; then each other kind. */
export const attestations: readonly Attestation[] = [
  {
    kind: 1,
    attestationKey: filler(88, 1),
    key: filler(88, 2),
    certified: tpmStatement,
    quote: tpmStatement,
    counter: { handle: 0x0181_5400, certified: tpmStatement },
  },
  {
    kind: 1,
    attestationKey: filler(88, 1),
    key: filler(88, 2),
    certified: tpmStatement,
    quote: tpmStatement,
    counter: null,
  },
  { kind: 2, attestationObject: filler(180, 5), clientData: filler(130, 6) },
  { kind: 3, statement: filler(40, 7) },
  { kind: 4, statement: filler(40, 8) },
];

export const bodies: Readonly<Record<string, Bytes>> = {
  'enrolment-request': api.encodeBody(api.enrolmentRequest, {
    enrolment: enrolmentSample.wire,
    participant: 'BANKAXXX',
    account: 'account-1',
  }),
  'enrolment-reply': api.encodeBody(api.enrolmentReply, {
    scheme: SCHEME,
    rootAlgorithm: ES256,
    rootKey: root.key.bytes,
    authorities: [bankA, bankB].map(({ certificate }) => encodeCertificate(certificate)),
    certificate: alice.wire,
    operator: operatorKey.wire,
    issuer: issuerA.wire,
    policy: policySample.wire,
    list: listSample.wire,
    unloadCode: requestSample.wire,
  }),
  'load-reply': api.encodeBody(api.loadReply, {
    payment: paymentSample.wire,
    issuer: issuerA.wire,
  }),
  'renewal-request': api.encodeBody(api.renewalRequest, {
    renewal: renewalSample.wire,
    enrolment: enrolmentSample.wire,
  }),
  introduction: api.encodeBody(introduction, {
    attestationKey: filler(88, 1),
    chain: [filler(300, 2), filler(200, 3)],
  }),
  credential: api.encodeBody(credential, { object: filler(68, 4), secret: filler(256, 5) }),
};

/** Another adoption at the same position: any two records prove a fork. */
export const otherAdopt: Sample<Adopt> = messageOf(
  adopt,
  { ...adoptSample.fields, listVersion: 13, floor: NOW },
  alice,
  NO_EXTERNAL,
);
export const adoptRecordProof: PositionProof = {
  kind: 1,
  certificate: alice.wire,
  first: exhibit(adoptSample),
  second: exhibit(otherAdopt),
};
