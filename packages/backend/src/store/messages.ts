import type { Bytes, Currency } from '@tallystick/protocol';
import type { CertificateRef, PurseId, RecordId } from './rows.ts';

/** A payment as one shard tells another: the record, and the signature where the sender has it. */
export interface CarriedPayment {
  readonly kid: CertificateRef;
  /** COSE algorithm. */
  readonly alg: number;
  readonly external: Bytes;
  readonly payload: Bytes;
  readonly signature: Bytes | null;
}

/** What one shard has to tell another, or the rail, or the list of revoked certificates. */
export type Message =
  /** To the payer: the payee has answered this authentic payment. */
  | {
      readonly kind: 'answered';
      readonly payment: RecordId;
      /** Null where the payer's shard has the payment already. */
      readonly carried: CarriedPayment | null;
      readonly accepted: boolean;
      readonly voided: boolean;
    }
  /** To the payee: the payer's proven log has this payment. */
  | { readonly kind: 'expected'; readonly payment: RecordId; readonly carried: CarriedPayment }
  /** To the payer: the issuer closed this payment. */
  | { readonly kind: 'closed'; readonly payment: RecordId; readonly closure: Bytes }
  /** To the payee: the payer's log shows the payee's own signed void of it, verified. */
  | {
      readonly kind: 'voided';
      readonly payment: RecordId;
      /** COSE_Sign1 of the void. */
      readonly record: Bytes;
    }
  /** To a payee that has answered: its payer is suspect, the payment's signature may prove why. */
  | { readonly kind: 'wanted'; readonly payment: RecordId }
  /** To the payee: this list version revoked the payer's certificate. */
  | { readonly kind: 'revoked'; readonly payment: RecordId; readonly version: number }
  /** To the culprit: a proof that has been checked. */
  | { readonly kind: 'proof'; readonly proof: Bytes }
  /** To its own purse: this list revokes it, and why. */
  | { readonly kind: 'listed'; readonly version: number; readonly reason: string }
  /** To the list: revoke every certificate of the purse that sends it. */
  | { readonly kind: 'revoke'; readonly reason: string }
  /** To the rail: credit an account; idempotent by cause and `payment`, or the refund's own cause. */
  | {
      readonly kind: 'credit';
      readonly payment: RecordId;
      readonly participant: string;
      readonly account: string;
      readonly currency: Currency;
      /** Minor units. */
      readonly amount: bigint;
      readonly cause: 'unload' | 'loadReturn' | 'refund';
    };

export const TO_RAIL = 'rail';
export const TO_LIST = 'list';

/** A message on its way. It may be delivered more than once. */
export interface Letter {
  /** The shard that wrote it. */
  readonly from: PurseId;
  /** A purse, {@link TO_RAIL} or {@link TO_LIST}. */
  readonly to: string;
  readonly message: Message;
}

/** The letters of one transaction, durable until their effects are committed where they are addressed. */
export interface Parcel {
  /** Parcels are delivered in the order of their positions. */
  readonly position: bigint;
  readonly letters: readonly Letter[];
}
