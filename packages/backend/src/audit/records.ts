import {
  attempt,
  type Bytes,
  closure,
  decodePayload,
  decodePaymentEvidence,
  decodeRecord,
  decodeSigned,
  fromHex,
  type LogRecord,
  nextHead,
  type Payment,
  payment,
  RECORD,
  recordId,
  type Result,
  type SignatureCheck,
  type Signed,
  toBeSigned,
  toHex,
  type Unsigned,
  voidRecord,
} from '@tallystick/protocol';
import type { CertificateRow, FactRow } from '../store/rows.ts';

/** A fact, read again from its bytes. */
export interface ReadFact {
  readonly fact: FactRow;
  readonly record: LogRecord;
  readonly id: string;
  readonly unsigned: Unsigned;
}

/** What a receipt, void or restore carries: somebody else's signed message about a payment. */
export interface Carried {
  readonly signed: Signed;
  readonly kind: 'payment' | 'void' | 'closure';
  /** The payment it is or names. */
  readonly payment: string;
  /** The payment itself, where it is carried whole. */
  readonly message: Payment | null;
}

/** Reads a fact and says what is wrong with it, if anything. */
export function readFact(fact: FactRow): ReadFact | string {
  const read = attempt(() => decodeRecord(fact.payload));
  const kid = fromHex(fact.kid);
  if (!read.ok || kid === null) return 'its bytes are no record';
  const record = read.value;
  const { alg, external, payload } = fact;
  const unsigned = { alg, kid, external, payload };
  const id = recordId(unsigned);
  if (toHex(id) !== fact.id) return 'its id is not the hash of its bytes';
  if (record.seq !== fact.seq || record.kind !== fact.kind)
    return 'its columns contradict its bytes';
  const key = fact.salt === null ? id : nextHead(record.head, fact.salt, id);
  if (toHex(key) !== fact.key) return 'its key is not its head';
  return { fact, record, id: fact.id, unsigned };
}

/** The message in the evidence of a receipt, void or restore; null for other records. */
export function readCarried({ record, fact }: ReadFact): Result<Carried> | null {
  const { evidence } = fact;
  switch (record.kind) {
    case RECORD.receipt:
    case RECORD.void:
      return attempt(() => carriedPayment(evidence ?? new Uint8Array()));
    case RECORD.restore:
      return attempt(() => carriedReason(evidence ?? new Uint8Array()));
    default:
      return null;
  }
}

function carriedPayment(evidence: Bytes): Carried {
  const { payment: wire, requestDigest } = decodePaymentEvidence(evidence);
  const signed = decodeSigned(wire, requestDigest);
  const message = decodePayload(signed.payload, payment, 'payment');
  return { signed, kind: 'payment', payment: toHex(recordId(signed)), message };
}

function carriedReason(evidence: Bytes): Carried {
  const signed = decodeSigned(evidence);
  const asVoid = attempt(() => decodePayload(signed.payload, voidRecord, 'void'));
  if (asVoid.ok) {
    return { signed, kind: 'void', payment: toHex(asVoid.value.paymentId), message: null };
  }
  const { paymentId } = decodePayload(signed.payload, closure, 'closure');
  return { signed, kind: 'closure', payment: toHex(paymentId), message: null };
}

/** The signature of a message under a certificate, to be verified; null when it cannot be under it. */
export function signatureCheck(
  message: Unsigned,
  signature: Bytes,
  certificate: CertificateRow | undefined,
): SignatureCheck | null {
  if (certificate?.alg !== message.alg) return null;
  const key = { alg: certificate.alg, bytes: certificate.key };
  return { key, message: toBeSigned(message), signature };
}
