import {
  attempt,
  type Bytes,
  closure,
  decodePayload,
  decodePaymentEvidence,
  decodeSigned,
  demand,
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
import type { CertificateRef } from '../store/rows.ts';
import type { Entry } from './entries.ts';

/**
 * What a record rests on besides its own signer: somebody else's signature, which no head of the
 * signer vouches for (rule 6).
 */
export type Grounds =
  | { readonly kind: 'own' }
  | (Signature & {
      readonly kind: 'payment';
      readonly payment: Payment;
      readonly payee: CertificateRef;
    })
  | (Signature & { readonly kind: 'void' | 'closure' });

interface Signature {
  readonly signed: Signed;
  readonly signer: CertificateRef;
  /** What the signature covers. */
  readonly toBeSigned: Bytes;
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
        return readPayment(entry);
      case RECORD.restore:
        return readReason(entry);
      default:
        return { kind: 'own' };
    }
  });
}

function readPayment(entry: Entry): Grounds {
  const evidence = decodePaymentEvidence(evidenceOf(entry));
  const signed = decodeSigned(evidence.payment, evidence.requestDigest);
  const covered = toBeSigned(signed);
  const isIt = toHex(sha256(covered)) === entry.payment;
  demand(isIt, 'BAD_FIELD', 'evidence is of another payment');
  const read = decodePayload(signed.payload, payment, 'payment');
  const [signer, payee] = [toHex(signed.kid), toHex(read.payee)];
  return { kind: 'payment', signed, signer, toBeSigned: covered, payment: read, payee };
}

function readReason(entry: Entry): Grounds {
  const signed = decodeSigned(evidenceOf(entry));
  const asVoid = attempt(() => decodePayload(signed.payload, voidRecord, 'void'));
  const reason = asVoid.ok ? asVoid.value : decodePayload(signed.payload, closure, 'closure');
  const isIt = toHex(reason.paymentId) === entry.payment;
  demand(isIt, 'BAD_FIELD', 'evidence is of another payment');
  const kind = asVoid.ok ? 'void' : 'closure';
  return { kind, signed, signer: toHex(signed.kid), toBeSigned: toBeSigned(signed) };
}

function evidenceOf(entry: Entry): Uint8Array {
  return entry.log.evidence ?? reject('MISSING_FIELD', 'evidence of an entry');
}

/** Certificates whose rows a decision on these grounds needs: the signer's, and a payment's payee's. */
export function refsOf(entry: Entry, grounds: Grounds): CertificateRef[] {
  const signer = grounds.kind === 'own' ? [] : [grounds.signer];
  const payee = entry.record.kind === RECORD.payment ? [toHex(entry.record.payee)] : [];
  return [...signer, ...payee];
}
