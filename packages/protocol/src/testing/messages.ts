import * as fc from 'fast-check';
import { ALGORITHMS, type Algorithm, ED25519, ES256, ML_DSA_44 } from '../algorithm.ts';
import {
  ATTESTATION,
  credential,
  decodeAttestation,
  encodeAttestation,
  introduction,
} from '../attestation.ts';
import type { Bytes } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import type { Codec } from '../codec.ts';
import * as api from '../device-api.ts';
import { enrolment } from '../enrolment.ts';
import { decodePaymentEvidence, encodePaymentEvidence } from '../evidence.ts';
import { decodeProof, encodeProof, type ForkProof } from '../fork-proof.ts';
import { decodeFrame, encodeFrame, type Frame } from '../frame.ts';
import { decodeSignedImage, encodeSignedImage, imageManifest } from '../image-manifest.ts';
import { LIMITS } from '../limits.ts';
import { decodeEntry, encodeEntry } from '../log.ts';
import { lostReport, refund } from '../lost-device.ts';
import { payment } from '../payment.ts';
import { policy, timeReset } from '../policy.ts';
import { adopt, receipt, renewal, restore, statement, voidRecord } from '../records.ts';
import { request } from '../request.ts';
import { statusDelta } from '../status-delta.ts';
import { answer, closure, decodeReply, decodeUpload, encodeReply, encodeUpload } from '../sync.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const blob = fc.uint8Array({ maxLength: 60 });
const some = fc.uint8Array({ minLength: 1, maxLength: 60 });
const tpmStatement = fc.record({ attest: some, signature: bytes(64) });
/** Numbers near both ends of their range, where encodings change their length. */
const uint = (max: number, min = 0): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min, max }),
    fc
      .constantFrom(min, max, 23, 24, 255, 256, 65_535, 65_536)
      .filter((each) => each >= min && each <= max),
  );
const version = uint(0xffff_ffff);
const seconds = uint(0xffff_ffff);
const amount = fc.oneof(
  fc.bigInt({ min: 1n, max: LIMITS.amountMinorUnits }),
  fc.constantFrom(1n, 23n, 24n, LIMITS.amountMinorUnits),
);
const total = fc.oneof(amount, fc.constant(0n));
const label = (max: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[A-Za-zÀ-ÿ0-9 .-]{1,${Math.floor(max / 2)}}$`, 'u'));

export const algorithm: fc.Arbitrary<Algorithm> = fc.constantFrom(ES256, ED25519, ML_DSA_44);
/** An algorithm and bytes as long as its key. */
const keyed = algorithm.chain((alg) =>
  fc.record({ alg: fc.constant(alg), key: bytes(ALGORITHMS[alg].publicKeyBytes) }),
);

const currency = uint(999, 1);
const place = { seq: uint(LIMITS.position, 1), head: bytes(32) };
const value = fc.record({
  kind: fc.constant(1 as const),
  currency,
  amount,
  hop: uint(LIMITS.hopsMax),
});
const tier = fc.record({
  tier: uint(LIMITS.tiers - 1),
  paymentMax: total,
  balanceMax: total,
  totalMax: total,
  countMax: uint(LIMITS.openPayments),
  stepUpAbove: total,
  payerCap: total,
  offlineSeconds: seconds,
});
const measurement = fc.record({
  index: uint(LIMITS.imageVersion),
  sha256: bytes(32),
  acceptedUntil: seconds,
});

/** A kind of message both ways, and values for it. */
export interface Generated {
  readonly name: string;
  readonly write: (value: unknown) => Bytes;
  readonly read: (bytes: Bytes) => unknown;
  readonly values: fc.Arbitrary<unknown>;
}

function carrier<T>(
  name: string,
  write: (value: T) => Bytes,
  read: (bytes: Bytes) => T,
  values: fc.Arbitrary<T>,
): Generated {
  return { name, write: (value) => write(value as T), read, values };
}

function generated<T>(name: string, codec: Codec<T>, values: fc.Arbitrary<T>): Generated {
  return carrier(
    name,
    (value) => encodeCbor(codec.encode(value)),
    (bytes) => codec.decode(decodeCbor(bytes, LIMITS.frameBytes), name),
    values,
  );
}

const exhibit = fc.record({ external: fc.uint8Array({ maxLength: 32 }), record: blob });
/** Messages that travel as the CBOR they are: any array does. */
const embedded = fc
  .array(fc.oneof(uint(99), bytes(3)), { maxLength: 4 })
  .map((parts) => encodeCbor(parts));
const code = fc.constantFrom('STALE', 'BAD_FIELD', 'WRONG_AMOUNT');
const header = fc.record({ alg: algorithm, kid: bytes(8) });

/** Every kind of payload, body and carrier. */
export const generatedMessages: readonly Generated[] = [
  generated(
    'request',
    request,
    fc.record({
      currency,
      amount: fc.option(amount),
      expires: seconds,
      nonce: bytes(8),
      tag: bytes(8),
      isStatic: fc.boolean(),
    }),
  ),
  generated(
    'payment',
    payment,
    fc.record({ ...place, payee: bytes(8), value, syncedAt: seconds, acceptMinutes: uint(0xffff) }),
  ),
  generated(
    'receipt',
    receipt,
    fc.record({ ...place, paymentId: bytes(32), listVersion: version }),
  ),
  generated('void', voidRecord, fc.record({ ...place, paymentId: bytes(32) })),
  generated('restore', restore, fc.record({ ...place, paymentId: bytes(32) })),
  generated(
    'adopt',
    adopt,
    fc.record({ ...place, policyVersion: version, listVersion: version, floor: seconds }),
  ),
  generated(
    'renewal',
    renewal,
    fc.tuple(fc.record(place), keyed).map(([at, key]) => ({ ...at, ...key })),
  ),
  generated(
    'statement',
    statement,
    fc.record({
      ...place,
      floor: seconds,
      balance: total,
      policyVersion: version,
      listVersion: version,
      epoch: version,
      condition: fc.constantFrom(0, 1, 2, 3),
    }),
  ),
  generated(
    'answer',
    answer,
    fc.record({
      statementId: bytes(32),
      ackedTo: uint(LIMITS.position),
      epoch: version,
      time: seconds,
      settled: fc.array(bytes(32), { maxLength: 4 }),
    }),
  ),
  generated(
    'closure',
    closure,
    fc.record({ paymentId: bytes(32), statementId: bytes(32), time: seconds }),
  ),
  generated(
    'lost-report',
    lostReport,
    fc.record({
      purse: bytes(8),
      statement: fc.option(bytes(32)),
      time: seconds,
      syncedAt: seconds,
      offlineSeconds: seconds,
      expires: seconds,
      acceptSeconds: seconds,
      claimSeconds: seconds,
    }),
  ),
  generated(
    'refund',
    refund,
    fc.record({
      purse: bytes(8),
      number: uint(LIMITS.position, 1),
      report: bytes(32),
      statement: fc.option(bytes(32)),
      payments: fc.array(bytes(32), { maxLength: 4 }),
      currency,
      amount,
      time: seconds,
    }),
  ),
  generated(
    'status-delta',
    statusDelta,
    fc
      .record({
        first: version,
        second: version,
        issuedAt: seconds,
        indices: fc.uniqueArray(uint(LIMITS.listEntries - 1), { maxLength: 40 }),
      })
      .map(({ first, second, issuedAt, indices }) => ({
        base: Math.min(first, second),
        version: Math.max(first, second),
        issuedAt,
        revoked: indices.toSorted((a, b) => a - b),
      })),
  ),
  generated(
    'policy',
    policy,
    fc.record({
      version,
      issuedAt: seconds,
      currency,
      hopMax: uint(LIMITS.hopsMax, 1),
      acceptMinutes: uint(0xffff, 1),
      claimSeconds: seconds,
      staleSeconds: seconds,
      graceSeconds: seconds,
      skewSeconds: seconds,
      emergency: fc.boolean(),
      tiers: fc.uniqueArray(tier, { maxLength: 4, selector: (row) => row.tier }),
      measurements: fc.uniqueArray(measurement, { maxLength: 4, selector: (row) => row.index }),
    }),
  ),
  generated(
    'enrolment',
    enrolment,
    fc
      .tuple(
        keyed,
        fc.record({
          measurement: bytes(32),
          environment: label(32),
          evidence: blob,
          challenge: bytes(32),
        }),
      )
      .map(([key, rest]) => ({ ...key, ...rest })),
  ),
  generated(
    'image manifest',
    imageManifest,
    fc.record({
      version: uint(LIMITS.imageVersion, 1),
      size: uint(LIMITS.imageBytes, 1),
      sha256: bytes(32),
    }),
  ),
  carrier(
    'image',
    encodeSignedImage,
    decodeSignedImage,
    fc.record({ manifest: blob, code: fc.uint8Array({ minLength: 1, maxLength: 60 }) }),
  ),
  generated('time reset', timeReset, fc.record({ version, floor: seconds })),
  generated(
    'enrolment request',
    api.enrolmentRequest,
    fc.record({ enrolment: blob, participant: label(11), account: label(34) }),
  ),
  generated('load reply', api.loadReply, fc.record({ payment: blob, issuer: blob })),
  generated('renewal request', api.renewalRequest, fc.record({ renewal: blob, enrolment: blob })),
  carrier(
    'attestation',
    encodeAttestation,
    decodeAttestation,
    fc.oneof(
      fc.record({
        kind: fc.constant(ATTESTATION.tpm),
        attestationKey: some,
        key: some,
        certified: tpmStatement,
        quote: tpmStatement,
        counter: fc.option(fc.record({ handle: uint(0xffff_ffff), certified: tpmStatement })),
      }),
      fc.record({
        kind: fc.constant(ATTESTATION.webauthn),
        attestationObject: some,
        clientData: some,
      }),
      fc.record({
        kind: fc.constantFrom(ATTESTATION.androidKey, ATTESTATION.appAttest),
        statement: some,
      }),
    ),
  ),
  generated(
    'introduction',
    introduction,
    fc.record({ attestationKey: some, chain: fc.array(some, { maxLength: 4 }) }),
  ),
  generated('credential', credential, fc.record({ object: some, secret: some })),
  carrier(
    'entry',
    encodeEntry,
    decodeEntry,
    fc
      .tuple(
        header,
        fc.record({ external: fc.uint8Array({ maxLength: 32 }), payload: blob }),
        fc.record({ salt: bytes(16), evidence: fc.option(blob) }),
      )
      .map(([head, rest, { salt, evidence }]) => ({
        record: { ...head, ...rest },
        salt,
        evidence,
      })),
  ),
  carrier(
    'evidence',
    encodePaymentEvidence,
    decodePaymentEvidence,
    fc.record({ payment: blob, requestDigest: bytes(32) }),
  ),
  carrier<Frame>(
    'frame',
    encodeFrame,
    decodeFrame,
    fc.oneof(
      fc.record({
        kind: fc.constant(1 as const),
        request: blob,
        certificate: blob,
        listVersion: version,
      }),
      fc.record({
        kind: fc.constant(2 as const),
        payment: embedded,
        certificate: fc.option(embedded),
      }),
      fc.record({ kind: fc.constant(3 as const), receipt: blob }),
      fc.record({
        kind: fc.constant(4 as const),
        payment: blob,
        certificate: blob,
        request: blob,
        voidIt: fc.boolean(),
      }),
      fc.record({ kind: fc.constant(5 as const), void: blob }),
      fc.record({ kind: fc.constant(6 as const), list: blob, certificate: blob }),
      fc.record({ kind: fc.constant(7 as const), proof: blob }),
      fc.record({ kind: fc.constant(8 as const), code, listVersion: version }),
    ),
  ),
  carrier<ForkProof>(
    'proof',
    encodeProof,
    decodeProof,
    fc.oneof(
      fc.record({
        kind: fc.constant(1 as const),
        certificate: blob,
        first: exhibit,
        second: exhibit,
      }),
      fc.record({
        kind: fc.constant(2 as const),
        certificate: blob,
        record: exhibit,
        statement: blob,
        start: bytes(32),
        steps: fc.array(fc.record({ salt: bytes(16), id: bytes(32) }), { maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant(3 as const), certificate: blob, receipt: blob, void: blob }),
    ),
  ),
  carrier(
    'upload',
    encodeUpload,
    decodeUpload,
    fc.record({
      statement: blob,
      entries: fc.array(blob, { maxLength: 3 }),
      proofs: fc.array(blob, { maxLength: 2 }),
    }),
  ),
  carrier(
    'reply',
    encodeReply,
    decodeReply,
    fc.record({
      answer: blob,
      certificates: fc.array(blob, { maxLength: 2 }),
      policy: fc.option(blob),
      list: fc.option(blob),
      closures: fc.array(blob, { maxLength: 2 }),
      refused: fc.array(fc.record({ index: uint(LIMITS.logEntries), code }), { maxLength: 2 }),
    }),
  ),
];
