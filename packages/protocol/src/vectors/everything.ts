import { encodeAttestation } from '../attestation.ts';
import type { Bytes } from '../bytes.ts';
import { type Cbor, encodeCbor } from '../cbor.ts';
import { encodeCertificate } from '../certificate.ts';
import { encodeProof } from '../fork-proof.ts';
import { encodeFrame } from '../frame.ts';
import { requestDigest } from '../request.ts';
import {
  attestations,
  bodies,
  evidenceWire,
  frames,
  paymentEntry,
  proofs,
  receiptEntry,
  replyWire,
  uploadWire,
} from './carriers.ts';
import { alice, bankA, issuerA, operator, terminal } from './cast.ts';
import type { MessageName } from './readers.ts';
import {
  adoptSample,
  answerSample,
  closureSample,
  deltaSample,
  enrolmentSample,
  imageSample,
  listSample,
  lostReportSample,
  paymentSample,
  policySample,
  receiptSample,
  refundSample,
  renewalSample,
  requestSample,
  restoreSample,
  signedImageWire,
  statementSample,
  timeResetSample,
  voidSample,
} from './samples.ts';

/** One valid message, as it travels. */
export interface Example {
  readonly name: MessageName;
  readonly bytes: Bytes;
  /** What its signature covers besides itself. */
  readonly external?: Bytes;
}

/** At least one valid example of every kind of message. */
export const everyMessage: readonly Example[] = [
  {
    name: 'cbor',
    bytes: encodeCbor(
      new Map<number, Cbor>([
        [1, 'a'],
        [2, [true, null]],
        [-1, Uint8Array.of(1, 2, 3)],
      ]),
    ),
  },
  { name: 'certificate', bytes: encodeCertificate(operator.certificate) },
  { name: 'purse-certificate', bytes: alice.wire },
  { name: 'purse-certificate', bytes: terminal.wire },
  { name: 'purse-certificate', bytes: issuerA.wire },
  { name: 'authority-certificate', bytes: encodeCertificate(bankA.certificate) },
  { name: 'request', bytes: requestSample.wire },
  { name: 'payment', bytes: paymentSample.wire, external: requestDigest(requestSample.wire) },
  { name: 'receipt', bytes: receiptSample.wire },
  { name: 'void', bytes: voidSample.wire },
  { name: 'restore', bytes: restoreSample.wire },
  { name: 'adopt', bytes: adoptSample.wire },
  { name: 'renewal', bytes: renewalSample.wire },
  { name: 'statement', bytes: statementSample.wire },
  { name: 'answer', bytes: answerSample.wire },
  { name: 'closure', bytes: closureSample.wire },
  { name: 'lost-report', bytes: lostReportSample.wire },
  { name: 'refund', bytes: refundSample.wire },
  { name: 'policy', bytes: policySample.wire },
  { name: 'enrolment', bytes: enrolmentSample.wire },
  { name: 'time-reset', bytes: timeResetSample.wire },
  { name: 'status-list', bytes: listSample.wire },
  { name: 'status-delta', bytes: deltaSample.wire },
  { name: 'image-manifest', bytes: imageSample.wire },
  { name: 'signed-image', bytes: signedImageWire },
  ...frames.map((frame): Example => ({ name: 'frame', bytes: encodeFrame(frame) })),
  ...proofs.map((proof): Example => ({ name: 'proof', bytes: encodeProof(proof) })),
  { name: 'entry', bytes: paymentEntry },
  { name: 'entry', bytes: receiptEntry },
  { name: 'evidence', bytes: evidenceWire },
  { name: 'upload', bytes: uploadWire },
  { name: 'reply', bytes: replyWire },
  ...attestations.map((each): Example => ({ name: 'attestation', bytes: encodeAttestation(each) })),
  ...Object.entries(bodies).map(([name, bytes]): Example => ({ name: name as MessageName, bytes })),
];
