import {
  amountField,
  blob,
  type Bytes,
  type Codec,
  decodePurseCertificate,
  decodeSigned,
  digest,
  equal,
  LIMITS,
  recordId,
  requestDigest,
  tuple,
} from '@tallystick/protocol';

/** A payment that is about to be made: written down before the purse debits. */
export interface Intent {
  readonly request: Bytes;
  readonly payeeCertificate: Bytes;
  /** The purse's own certificate at the time. */
  readonly ownCertificate: Bytes;
  /** Minor units. */
  readonly amount: bigint;
}

/** A payment that was made and is in doubt: all that is needed to have it answered. */
export interface PendingPayment extends Intent {
  readonly id: Bytes;
}

const message = blob(LIMITS.messageBytes);
const fields = {
  request: message,
  payeeCertificate: message,
  ownCertificate: message,
  amount: amountField,
};

export const intent: Codec<Intent> = tuple<Intent>(fields);
export const pendingPayment: Codec<PendingPayment> = tuple<PendingPayment>({
  ...fields,
  id: digest,
});

/** Whether a signed payment with this record id answers the request of that intent. */
export function answersIntent(payment: Bytes, id: Bytes, of: Intent): boolean {
  return equal(recordId(decodeSigned(payment, requestDigest(of.request))), id);
}

/** Reference of the certificate a payment goes to. */
export function payeeOf(of: Intent): Bytes {
  return decodePurseCertificate(of.payeeCertificate).ref;
}
