import { credential, decodeAttestation, encodeAttestation, introduction } from '../attestation.ts';
import type { Bytes } from '../bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import {
  type Certificate,
  decodeAuthority,
  decodeCertificate,
  decodePurseCertificate,
  encodeClaims,
} from '../certificate.ts';
import type { Codec } from '../codec.ts';
import { decodeSigned, encodeSigned, NO_EXTERNAL, recordId, type Signed } from '../cose.ts';
import * as api from '../device-api.ts';
import { enrolment } from '../enrolment.ts';
import { decodePaymentEvidence, encodePaymentEvidence } from '../evidence.ts';
import { decodeProof, encodeProof } from '../fork-proof.ts';
import { decodeFrame, encodeFrame } from '../frame.ts';
import { decodeSignedImage, encodeSignedImage, imageManifest } from '../image-manifest.ts';
import { LIMITS } from '../limits.ts';
import { decodeEntry, encodeEntry } from '../log.ts';
import { lostReport, refund } from '../lost-device.ts';
import { payment } from '../payment.ts';
import { policy, timeReset } from '../policy.ts';
import {
  adopt,
  decodePayload,
  receipt,
  renewal,
  restore,
  statement,
  voidRecord,
} from '../records.ts';
import { request } from '../request.ts';
import { statusDelta } from '../status-delta.ts';
import { statusIndices } from '../status-bits.ts';
import { decodeStatusList, STATUS_LIST_TYPE } from '../status-list.ts';
import { answer, closure, decodeReply, decodeUpload, encodeReply, encodeUpload } from '../sync.ts';

/** One kind of message both ways. */
export interface Reader<T> {
  /** Rejects as the protocol's own decoders do. `external` counts for signed messages only. */
  read(bytes: Bytes, external: Bytes): T;
  /** The bytes it was read from. */
  write(value: T): Bytes;
}

/** A signed message and its payload's fields. */
interface SignedMessage<T> {
  readonly id: Bytes;
  readonly signed: Signed;
  readonly message: T;
}

function signedReader<T>(codec: Codec<T>, name: string): Reader<SignedMessage<T>> {
  return {
    read: (bytes, external) => {
      const signed = decodeSigned(bytes, external);
      const message = decodePayload(signed.payload, codec, name);
      return { id: recordId(signed), signed, message };
    },
    write: ({ signed, message }) =>
      encodeSigned({ ...signed, payload: encodeCbor(codec.encode(message)) }),
  };
}

function certificateReader<T extends Certificate>(read: (bytes: Bytes) => T): Reader<T> {
  return {
    read,
    write: (certificate) =>
      encodeSigned({ ...certificate.signed, payload: encodeClaims(certificate) }),
  };
}

function bodyReader<T>(codec: Codec<T>): Reader<T> {
  return {
    read: (bytes) => api.decodeBody(codec, bytes),
    write: (value) => api.encodeBody(codec, value),
  };
}

const statusList: Reader<SignedMessage<unknown>> = {
  read: (bytes) => {
    const options = { typ: STATUS_LIST_TYPE, maxBytes: LIMITS.listBytes + 1024 };
    const signed = decodeSigned(bytes, NO_EXTERNAL, options);
    const { bits, ...claims } = decodeStatusList(signed.payload);
    return { id: recordId(signed), signed, message: { ...claims, revoked: statusIndices(bits) } };
  },
  // The compressed bits have many forms: what identifies a list is its signed bytes (TS-LST-2).
  write: ({ signed }) => encodeSigned(signed),
};

/** Every kind of message that comes from outside. */
export type MessageName =
  | 'cbor'
  | 'certificate'
  | 'purse-certificate'
  | 'authority-certificate'
  | 'request'
  | 'payment'
  | 'receipt'
  | 'void'
  | 'restore'
  | 'adopt'
  | 'renewal'
  | 'statement'
  | 'answer'
  | 'closure'
  | 'lost-report'
  | 'refund'
  | 'policy'
  | 'enrolment'
  | 'time-reset'
  | 'status-list'
  | 'status-delta'
  | 'image-manifest'
  | 'signed-image'
  | 'frame'
  | 'proof'
  | 'entry'
  | 'evidence'
  | 'upload'
  | 'reply'
  | 'enrolment-request'
  | 'enrolment-reply'
  | 'load-reply'
  | 'renewal-request'
  | 'attestation'
  | 'introduction'
  | 'credential';

export const READERS: Readonly<Record<MessageName, Reader<unknown>>> = {
  cbor: {
    read: (bytes) => decodeCbor(bytes),
    write: (value) => encodeCbor(value as Cbor),
  },
  certificate: certificateReader(decodeCertificate),
  'purse-certificate': certificateReader(decodePurseCertificate),
  'authority-certificate': certificateReader(decodeAuthority),
  request: signedReader(request, 'request'),
  payment: signedReader(payment, 'payment'),
  receipt: signedReader(receipt, 'receipt'),
  void: signedReader(voidRecord, 'void'),
  restore: signedReader(restore, 'restore'),
  adopt: signedReader(adopt, 'adopt'),
  renewal: signedReader(renewal, 'renewal'),
  statement: signedReader(statement, 'statement'),
  answer: signedReader(answer, 'answer'),
  closure: signedReader(closure, 'closure'),
  'lost-report': signedReader(lostReport, 'lost report'),
  refund: signedReader(refund, 'refund'),
  policy: signedReader(policy, 'policy'),
  enrolment: signedReader(enrolment, 'enrolment'),
  'time-reset': signedReader(timeReset, 'time reset'),
  'status-list': statusList,
  'status-delta': signedReader(statusDelta, 'status delta'),
  'image-manifest': signedReader(imageManifest, 'image manifest'),
  'signed-image': { read: decodeSignedImage, write: encodeSignedImage },
  frame: { read: decodeFrame, write: encodeFrame },
  proof: { read: decodeProof, write: encodeProof },
  entry: { read: decodeEntry, write: encodeEntry },
  evidence: { read: decodePaymentEvidence, write: encodePaymentEvidence },
  upload: { read: decodeUpload, write: encodeUpload },
  reply: { read: decodeReply, write: encodeReply },
  'enrolment-request': bodyReader(api.enrolmentRequest),
  'enrolment-reply': bodyReader(api.enrolmentReply),
  'load-reply': bodyReader(api.loadReply),
  'renewal-request': bodyReader(api.renewalRequest),
  attestation: { read: decodeAttestation, write: encodeAttestation },
  introduction: bodyReader(introduction),
  credential: bodyReader(credential),
};
