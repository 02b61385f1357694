import {
  attempt,
  type Bytes,
  closure,
  decodePayload,
  decodePaymentEvidence,
  decodeSigned,
  demand,
  equal,
  type Payment,
  payment,
  RECORD,
  reject,
  type Result,
  sha256,
  type Signed,
  toBeSigned,
  toHex,
  voidRecord,
} from '@tallystick/protocol';
import type { CertificateRef, RecordId } from '../store/rows.ts';
import type { Entry } from './entries.ts';

/**
 * What a record rests on besides its own signer: somebody else's signature, which no head of the
 * signer vouches for (rule 6).
 */
export type Grounds =
  | { readonly kind: 'own' }
  | (Signature & { readonly kind: 'payment'; readonly payment: Payment })
  | (Signature & { readonly kind: 'void' | 'closure' });

interface Signature {
  readonly signed: Signed;
  /** What the signature covers. */
  readonly toBeSigned: Bytes;
}

/** Payments, voids or closures that a record takes up; null for those that take up none. */
export function paymentOf(entry: Entry): RecordId | null {
  return 'paymentId' in entry.record ? toHex(entry.record.paymentId) : null;
}

/**
 * Reads the evidence of an entry (TS-LOG-4) and demands that it is about the very payment.
 * Errors: decoding codes; MISSING_FIELD without evidence; BAD_FIELD for evidence of something else.
 */
export function readGrounds(entry: Entry): Result<Grounds> {
  return attempt(() => {
    switch (entry.record.kind) {
      case RECORD.receipt:
      case RECORD.void:
        return readPayment(entry, entry.record.paymentId);
      case RECORD.restore:
        return readReason(entry, entry.record.paymentId);
      default:
        return { kind: 'own' };
    }
  });
}

function readPayment(entry: Entry, paymentId: Bytes): Grounds {
  const evidence = decodePaymentEvidence(evidenceOf(entry));
  const signed = decodeSigned(evidence.payment, evidence.requestDigest);
  const covered = toBeSigned(signed);
  demand(equal(sha256(covered), paymentId), 'BAD_FIELD', 'evidence is of another payment');
  const read = decodePayload(signed.payload, payment, 'payment');
  return { kind: 'payment', signed, toBeSigned: covered, payment: read };
}

function readReason(entry: Entry, paymentId: Bytes): Grounds {
  const signed = decodeSigned(evidenceOf(entry));
  const asVoid = attempt(() => decodePayload(signed.payload, voidRecord, 'void'));
  const reason = asVoid.ok ? asVoid.value : decodePayload(signed.payload, closure, 'closure');
  demand(equal(reason.paymentId, paymentId), 'BAD_FIELD', 'evidence is of another payment');
  return { kind: asVoid.ok ? 'void' : 'closure', signed, toBeSigned: toBeSigned(signed) };
}

function evidenceOf(entry: Entry): Uint8Array {
  return entry.log.evidence ?? reject('MISSING_FIELD', 'evidence of an entry');
}

/** Certificates whose rows a decision on these grounds needs: the signer's, and a payment's payee's. */
export function refsOf(entry: Entry, grounds: Grounds): CertificateRef[] {
  const signer = grounds.kind === 'own' ? [] : [toHex(grounds.signed.kid)];
  const payee = entry.record.kind === RECORD.payment ? [toHex(entry.record.payee)] : [];
  return [...signer, ...payee];
}
