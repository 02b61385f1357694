import type { Bytes } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { blob, type Codec, fixed, tuple } from './codec.ts';
import { LIMITS } from './limits.ts';

/** What backs a receipt or void in the log: the payment, and the digest it signs as external data (TS-LOG-4). */
export interface PaymentEvidence {
  /** COSE_Sign1 of the payment. */
  readonly payment: Bytes;
  /** SHA-256 of the signed request. */
  readonly requestDigest: Bytes;
}

const codec: Codec<PaymentEvidence> = tuple<PaymentEvidence>({
  payment: blob(LIMITS.messageBytes),
  requestDigest: fixed(32),
});

/** Writes the evidence of a receipt or void. */
export function encodePaymentEvidence(evidence: PaymentEvidence): Bytes {
  return encodeCbor(codec.encode(evidence));
}

/** Reads the evidence of a receipt or void; its payment stays to be read. Rejects: decoding codes. */
export function decodePaymentEvidence(bytes: Bytes): PaymentEvidence {
  return codec.decode(decodeCbor(bytes), 'evidence');
}
