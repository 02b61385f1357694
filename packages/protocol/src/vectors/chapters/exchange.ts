import { ED25519 } from '../../algorithm.ts';
import { type Bytes, fromHex, toHex } from '../../bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../../cbor.ts';
import { enrolment, keyRef } from '../../enrolment.ts';
import type { ErrorCode } from '../../errors.ts';
import { encodeFrame } from '../../frame.ts';
import { LIMITS } from '../../limits.ts';
import { answer } from '../../sync.ts';
import { bodies, frames, replyWire, uploadWire } from '../carriers.ts';
import { alice, issuerA, operatorKey, type Party } from '../cast.ts';
import type { Check, Vector, VectorFile } from '../file.ts';
import type { MessageName } from '../readers.ts';
import {
  answerSample,
  closureSample,
  enrolmentFields,
  enrolmentSample,
  filler,
  messageOf,
  paymentSample,
} from '../samples.ts';
import { sign, signerOf, unsigned } from '../signer.ts';
import { invalid, valid } from '../vector.ts';
import { type Spoilable, spoiledFields } from './payload.ts';

const under = (by: Party): Check => ({ under: 'certificate', certificate: toHex(by.wire) });

/** For each part of an unsigned array: without it and what follows, and with a map in its place. */
export function spoiledParts(
  of: MessageName,
  clause: string,
  bytes: Bytes,
  names: readonly string[],
): Vector[] {
  const parts = decodeCbor(bytes, LIMITS.frameBytes) as readonly Cbor[];
  const offset = parts.length - names.length;
  const each = names.flatMap((name, index) => [
    invalid(
      `${of} that ends before ${name}`,
      clause,
      of,
      encodeCbor(parts.slice(0, offset + index)),
      'MISSING_FIELD',
    ),
    invalid(
      `${of} with a map as ${name}`,
      clause,
      of,
      encodeCbor(parts.with(offset + index, new Map())),
      'BAD_FIELD',
    ),
  ]);
  return [
    ...each,
    invalid(`${of} with a part more`, clause, of, encodeCbor([...parts, 0]), 'BAD_FIELD'),
  ];
}

const spoilable: readonly Spoilable[] = [
  {
    of: 'answer',
    clause: 'TS-SYN-3',
    record: answerSample.record,
    signer: issuerA.signer,
    fields: ['statementId', 'ackedTo', 'epoch', 'time', 'settled'],
  },
  {
    of: 'closure',
    clause: 'TS-SYN-7',
    record: closureSample.record,
    signer: issuerA.signer,
    fields: ['paymentId', 'statementId', 'time'],
  },
];
const byPurse = messageOf(answer, answerSample.fields, alice).wire;
const forged = messageOf(answer, answerSample.fields, { ...issuerA, signer: alice.signer }).wire;
const tooMany = Array.from({ length: LIMITS.openPayments + 1 }, () => paymentSample.id);

export const syncs: VectorFile = {
  chapter: '13-sync',
  about: 'Uploads, and what an issuer answers.',
  vectors: [
    valid('an answer', 'TS-SYN-3', 'answer', answerSample.wire, { check: under(issuerA) }),
    valid('a closure', 'TS-SYN-7', 'closure', closureSample.wire, { check: under(issuerA) }),
    valid('an upload of three entries and a proof', 'TS-SYN-2', 'upload', uploadWire),
    valid('a reply with everything', 'TS-SYN-5', 'reply', replyWire),
    ...spoilable.flatMap(spoiledFields),
    ...spoiledParts('upload', 'TS-SYN-2', uploadWire, ['statement', 'entries', 'proofs']),
    ...spoiledParts('reply', 'TS-SYN-5', replyWire, [
      'answer',
      'certificates',
      'policy',
      'list',
      'closures',
      'refused',
    ]),
    invalid(
      'an answer that settles too many',
      'TS-SYN-3',
      'answer',
      messageOf(answer, { ...answerSample.fields, settled: tooMany }, issuerA).wire,
      'BAD_FIELD',
    ),
    invalid('an answer of a purse', 'TS-CRT-6', 'answer', byPurse, 'WRONG_ROLE', {
      check: under(alice),
    }),
    invalid(
      'an answer of another issuing key',
      'TS-CRT-4',
      'answer',
      answerSample.wire,
      'UNKNOWN_CERTIFICATE',
      { check: under(operatorKey) },
    ),
    invalid('a forged answer', 'TS-SIG-3', 'answer', forged, 'BAD_SIGNATURE', {
      check: under(issuerA),
    }),
    invalid(
      'a closure in place of an answer',
      'TS-ENC-5',
      'answer',
      closureSample.wire,
      'WRONG_KIND',
    ),
  ],
};

const newcomer = signerOf('newcomer');
const mallory = signerOf('mallory');
const itself: Check = { under: 'itself' };
const payload = enrolment.encode(enrolmentFields) as readonly Cbor[];
const edwards = signerOf('newcomer', ED25519);

function enrolled(name: string, clause: string, bytes: Bytes, code: ErrorCode): Vector {
  return invalid(name, clause, 'enrolment', bytes, code, { check: itself });
}

export const enrolments: VectorFile = {
  chapter: '14-enrolment',
  about: 'New keys that ask for a certificate, and the bodies of the device API.',
  vectors: [
    valid('an enrolment', 'TS-ENR-1', 'enrolment', enrolmentSample.wire, { check: itself }),
    valid(
      'an enrolment of an Ed25519 key',
      'TS-ENR-1',
      'enrolment',
      sign(
        unsigned(
          ED25519,
          keyRef(edwards.key),
          enrolment.encode({ ...enrolmentFields, alg: ED25519, key: edwards.key.bytes }),
        ),
        edwards,
      ),
      { check: itself },
    ),
    ...spoiledFields({
      of: 'enrolment',
      clause: 'TS-ENR-1',
      record: enrolmentSample.record,
      signer: newcomer,
      fields: ['alg', 'key', 'measurement', 'environment', 'evidence', 'challenge'],
      codes: { alg: 'UNKNOWN_ALGORITHM' },
    }),
    enrolled(
      'an enrolment signed by another key',
      'TS-ENR-1',
      sign(unsigned(mallory.key.alg, keyRef(mallory.key), payload), mallory),
      'UNKNOWN_CERTIFICATE',
    ),
    enrolled(
      'a forged enrolment',
      'TS-ENR-1',
      sign(enrolmentSample.record, mallory),
      'BAD_SIGNATURE',
    ),
    enrolled(
      'an enrolment of a key of another length',
      'TS-ALG-3',
      sign(
        unsigned(newcomer.key.alg, keyRef(newcomer.key), payload.with(2, filler(34, 2))),
        newcomer,
      ),
      'BAD_FIELD',
    ),
    enrolled(
      'an enrolment of an uncompressed key',
      'TS-ALG-3',
      sign(
        unsigned(
          newcomer.key.alg,
          keyRef(newcomer.key),
          payload.with(2, new Uint8Array(33).fill(4)),
        ),
        newcomer,
      ),
      'BAD_FIELD',
    ),
    valid(
      'a request for enrolment',
      'TS-ENR-2',
      'enrolment-request',
      bodies['enrolment-request'] ?? filler(0, 0),
    ),
    valid(
      'a reply to it',
      'TS-ENR-3',
      'enrolment-reply',
      bodies['enrolment-reply'] ?? filler(0, 0),
    ),
    valid('a load', 'TS-PAY-12', 'load-reply', bodies['load-reply'] ?? filler(0, 0)),
    valid(
      'a request for renewal',
      'TS-LOG-5',
      'renewal-request',
      bodies['renewal-request'] ?? filler(0, 0),
    ),
    ...spoiledParts('enrolment-request', 'TS-ENR-2', bodies['enrolment-request'] ?? filler(0, 0), [
      'enrolment',
      'participant',
      'account',
    ]),
    ...spoiledParts('load-reply', 'TS-PAY-12', bodies['load-reply'] ?? filler(0, 0), [
      'payment',
      'issuer',
    ]),
    ...spoiledParts('renewal-request', 'TS-LOG-5', bodies['renewal-request'] ?? filler(0, 0), [
      'renewal',
      'enrolment',
    ]),
  ],
};

const NAMES: Readonly<Record<number, readonly string[]>> = {
  1: ['request', 'certificate', 'listVersion'],
  2: ['payment', 'certificate'],
  3: ['receipt'],
  4: ['payment', 'certificate', 'request', 'voidIt'],
  5: ['void'],
  6: ['list', 'certificate'],
  8: ['code', 'listVersion'],
  9: ['delta', 'certificate'],
  10: ['nonce', 'set'],
  11: ['place'],
  12: ['exhibit'],
};

export const sessions: VectorFile = {
  chapter: '15-session-frames',
  about: 'Frames that two devices exchange.',
  vectors: [
    ...frames.map((frame, index) =>
      valid(
        `frame of kind ${frame.kind}, example ${index + 1}`,
        'TS-SES-1',
        'frame',
        encodeFrame(frame),
      ),
    ),
    invalid(
      'a payment frame with too long a certificate',
      'TS-SES-3',
      'frame',
      fromHex('83028081594000') ?? new Uint8Array(0),
      'BAD_FIELD',
      { zeros: LIMITS.messageBytes },
    ),
    ...frames
      .filter((frame) => !('certificate' in frame) || frame.certificate !== null)
      .filter((frame) => !('set' in frame) || frame.set.length > 0)
      .flatMap((frame) =>
        spoiledParts('frame', 'TS-SES-1', encodeFrame(frame), NAMES[frame.kind] ?? []).map(
          (each) => ({
            ...each,
            name: `${each.name}, kind ${frame.kind}`,
          }),
        ),
      ),
    invalid('a frame of kind 13', 'TS-SES-1', 'frame', encodeCbor([13, 1]), 'WRONG_KIND'),
    invalid('a frame of no kind', 'TS-SES-1', 'frame', encodeCbor([]), 'WRONG_KIND'),
    invalid(
      'a payment in bytes',
      'TS-SES-3',
      'frame',
      encodeCbor([2, paymentSample.wire, null]),
      'BAD_FIELD',
    ),
    invalid(
      'a frame that is too long',
      'TS-ENC-4',
      'frame',
      encodeFrame(frames[0] as (typeof frames)[number]),
      'OVERSIZED',
      { zeros: LIMITS.frameBytes },
    ),
  ],
};
