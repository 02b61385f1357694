import type { Bytes } from './bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { blob, type Codec, flag, label, member, nullable, union } from './codec.ts';
import { type Exhibit, exhibit } from './fork-proof.ts';
import { LIMITS } from './limits.ts';
import { version } from './records.ts';
import { reject } from './result.ts';
import { nonceField, placeField, witnessSetField } from './witness.ts';

/** What two devices send each other in a session (TS-SES-1). Each frame stands alone on a QR code. */
export type Frame =
  | OfferFrame
  | PaymentFrame
  | ReceiptFrame
  | PresentFrame
  | VoidFrame
  | ListFrame
  | ProofFrame
  | RefusalFrame
  | DeltaFrame
  | WitnessFrame
  | AskFrame
  | ExhibitFrame;

/** Payee to payer: the signed request, and how new the payee's status list is. */
export interface OfferFrame {
  readonly kind: 1;
  readonly request: Bytes;
  readonly certificate: Bytes;
  readonly listVersion: number;
}
/** Payer to payee; the certificate is left out when the payee is known to hold it. */
export interface PaymentFrame {
  readonly kind: 2;
  readonly payment: Bytes;
  readonly certificate: Bytes | null;
}
export interface ReceiptFrame {
  readonly kind: 3;
  readonly receipt: Bytes;
}
/**
 * Payer to payee, after a torn tap: the payment again, with the request it answers, so that a payee
 * that forgot the tap can still judge it (TS-VOI-2). The reply is a receipt or a void.
 */
export interface PresentFrame {
  readonly kind: 4;
  readonly payment: Bytes;
  readonly certificate: Bytes;
  readonly request: Bytes;
  /** True to have it voided unless it was accepted already; false to have it accepted if it can be. */
  readonly voidIt: boolean;
}
export interface VoidFrame {
  readonly kind: 5;
  readonly void: Bytes;
}
export interface ListFrame {
  readonly kind: 6;
  readonly list: Bytes;
  /** Certificate of the operator's issuing key. */
  readonly certificate: Bytes;
}
export interface ProofFrame {
  readonly kind: 7;
  readonly proof: Bytes;
}
export interface RefusalFrame {
  readonly kind: 8;
  readonly code: string;
  /** Version of the sender's status list: the other side may have a newer one to give. */
  readonly listVersion: number;
}

/** What is newest in a status list, where the whole would take too long (TS-LST-9). */
export interface DeltaFrame {
  readonly kind: 9;
  readonly delta: Bytes;
  /** Certificate of the operator's issuing key; null where the other side is known to hold it. */
  readonly certificate: Bytes | null;
}

/** Which places in others' logs the sender has seen, told in digests (TS-WIT-1). */
export interface WitnessFrame {
  readonly kind: 10;
  /** The sender's part of the salt: the same in all its frames of one contact. */
  readonly nonce: Bytes;
  /** Empty from whoever opens, since nothing is told before the other's part of the salt is there. */
  readonly set: Bytes;
}
/** Asks for the payment at a place that the other side has told, and where the sender has another. */
export interface AskFrame {
  readonly kind: 11;
  /** The whole digest, of which the set has the beginning: proof of knowing the place (TS-WIT-4). */
  readonly place: Bytes;
}
/** The payment that was asked for. */
export interface ExhibitFrame {
  readonly kind: 12;
  readonly exhibit: Exhibit;
}

const message = blob(LIMITS.messageBytes);

/**
 * A message set into the frame as the CBOR it is: two byte-string heads fewer than a blob, which is
 * what keeps a payment with its certificate in 300 bytes (TS-SES-3). Deterministic encoding gives its
 * bytes back.
 */
const embedded: Codec<Bytes> = {
  encode: (bytes) => decodeCbor(bytes) as Cbor,
  decode: (item, path) =>
    message.decode(Array.isArray(item) ? encodeCbor(item) : reject('BAD_FIELD', path), path),
};

const frame: Codec<Frame> = union<Frame, Frame['kind']>({
  1: member<OfferFrame>(1, { request: message, certificate: message, listVersion: version }),
  2: member<PaymentFrame>(2, { payment: embedded, certificate: nullable(embedded) }),
  3: member<ReceiptFrame>(3, { receipt: message }),
  4: member<PresentFrame>(4, {
    payment: message,
    certificate: message,
    request: message,
    voidIt: flag,
  }),
  5: member<VoidFrame>(5, { void: message }),
  6: member<ListFrame>(6, { list: blob(LIMITS.listBytes + 1024), certificate: message }),
  7: member<ProofFrame>(7, { proof: blob(LIMITS.frameBytes) }),
  8: member<RefusalFrame>(8, { code: label(40), listVersion: version }),
  9: member<DeltaFrame>(9, { delta: message, certificate: nullable(message) }),
  10: member<WitnessFrame>(10, { nonce: nonceField, set: witnessSetField }),
  11: member<AskFrame>(11, { place: placeField }),
  12: member<ExhibitFrame>(12, { exhibit }),
});

/** Writes a frame. Embedded messages must be deterministic CBOR already. */
export function encodeFrame(value: Frame): Bytes {
  return encodeCbor(frame.encode(value));
}

/** Reads a frame from the other device. Rejects with the decoding codes. */
export function decodeFrame(bytes: Bytes): Frame {
  return frame.decode(decodeCbor(bytes, LIMITS.frameBytes), 'frame');
}
