import { acceptBy, type Payment } from '@tallystick/protocol';
import type {
  CertificateRef,
  CertificateRow,
  PayeeHalf,
  PayerHalf,
  PurseRow,
  RecordId,
} from '../store/rows.ts';
import { toHex } from '@tallystick/protocol';

/** Where a payment stands, in the words of reports; derived from a half's flags alone. */
export type PayerState =
  | 'open'
  | 'accepted'
  | 'voided'
  | 'closed'
  | 'restored'
  | 'held'
  | 'frozen'
  | 'redeemed';

export type PayeeState =
  | 'expected'
  | 'accepted'
  | 'voided'
  | 'closed'
  | 'misaddressed'
  | 'afterRevocation';

const UNLOAD_STATE = { held: 'held', frozen: 'frozen', paid: 'redeemed' } as const;

export function payerState(half: PayerHalf): PayerState {
  if (half.restored) return 'restored';
  if (half.unload !== null) return UNLOAD_STATE[half.unload];
  if (half.voided) return 'voided';
  if (half.closed) return 'closed';
  return half.accepted ? 'accepted' : 'open';
}

/**
 * A void or a closure outweighs a receipt, whichever came first: the payer may have taken the money
 * back on the strength of it (rules 2 and 4).
 */
export function payeeState(half: PayeeHalf): PayeeState {
  if (!half.addressed) return 'misaddressed';
  // GUARD void-outweighs (rule 4): the payer may have taken the money back on its strength.
  if (half.voided) return 'voided';
  if (half.closed) return 'closed';
  if (half.receiptVersion === null) return 'expected';
  // GUARD judged-by-version (rule 7): what was accepted under an older list stays accepted.
  const isLate = half.revokedAt !== null && half.receiptVersion >= half.revokedAt;
  return isLate ? 'afterRevocation' : 'accepted';
}

/** The half of a payment that has just become known in its payer's shard. */
export function newPayerHalf(
  purse: PurseRow,
  of: { readonly id: RecordId; readonly kid: CertificateRef; readonly payment: Payment },
  payee: CertificateRow | undefined,
): PayerHalf {
  const { payment } = of;
  const isUnload =
    payee?.purse === null &&
    payee.participant === purse.participant &&
    payment.value.currency === purse.currency;
  return {
    purse: purse.id,
    payment: of.id,
    seq: payment.seq,
    kid: of.kid,
    payee: toHex(payment.payee),
    payeePurse: payee?.purse ?? null,
    currency: payment.value.currency,
    amount: payment.value.amount,
    hop: payment.value.hop,
    acceptBy: acceptBy(payment),
    inLog: false,
    accepted: false,
    voided: false,
    closed: false,
    restored: false,
    unload: isUnload ? 'held' : null,
    settledEpoch: null,
  };
}

/** The half of a payment that has just become known in its payee's shard. */
export function newPayeeHalf(
  purse: PurseRow,
  ownRefs: ReadonlySet<CertificateRef>,
  of: { readonly id: RecordId; readonly payment: Payment },
  payer: CertificateRow,
  revokedAt: number | null,
): PayeeHalf {
  const { payment } = of;
  const addressed = ownRefs.has(toHex(payment.payee)) && payment.value.currency === purse.currency;
  return {
    purse: purse.id,
    payment: of.id,
    payer: payer.ref,
    payerPurse: payer.purse,
    payerParticipant: payer.participant,
    currency: payment.value.currency,
    amount: payment.value.amount,
    hop: payment.value.hop,
    acceptBy: acceptBy(payment),
    addressed,
    receiptVersion: null,
    voided: false,
    closed: false,
    // What is not meant for it is not told about revocations either.
    revokedAt: addressed ? revokedAt : null,
    credited: false,
    revision: 0,
  };
}

/** The lower of two versions, where either may be unknown. */
export function lower(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
