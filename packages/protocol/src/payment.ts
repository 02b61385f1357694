import { amountField, type Currency } from './amount.ts';
import type { Bytes } from './bytes.ts';
import { type Seconds, ref, seconds } from './certificate.ts';
import { type Codec, fixed, member, tagged, uint, union } from './codec.ts';
import { LIMITS } from './limits.ts';
import { RECORD } from './record.ts';

export const currencyField: Codec<Currency> = uint(999, 1);
export const positionField: Codec<number> = uint(LIMITS.position, 1);
export const digest: Codec<Bytes> = fixed(32);

/** A share of a purse's balance (layer 2). */
export interface BalanceValue {
  readonly kind: 1;
  readonly currency: Currency;
  /** Minor units. */
  readonly amount: bigint;
  /** How often this money has changed hands offline, this payment included; 0 for a load. */
  readonly hop: number;
}

/** What a payment carries. Session, log, sync and facts never look inside (TS-PAY-2). */
export type Value = BalanceValue;

export const value: Codec<Value> = union<Value, 1>({
  1: member<BalanceValue>(1, {
    currency: currencyField,
    amount: amountField,
    hop: uint(LIMITS.hopsMax),
  }),
});

/** A debit of the signer's purse in favour of one payee (TS-PAY-1). Its external data is the digest of the request. */
export interface Payment {
  /** Position in the payer's log. */
  readonly seq: number;
  /** Head of the payer's log before this entry: a commitment salted by every entry under it. */
  readonly head: Bytes;
  /** Reference of the payee's certificate. */
  readonly payee: Bytes;
  readonly value: Value;
  /** Issuer time of the payer's last sync. */
  readonly syncedAt: Seconds;
  /** Minutes after `syncedAt` until which it may be accepted. */
  readonly acceptMinutes: number;
}

export const payment: Codec<Payment> = tagged<Payment>(RECORD.payment, {
  seq: positionField,
  head: digest,
  payee: ref,
  value,
  syncedAt: seconds,
  acceptMinutes: uint(0xffff),
});

/** The last moment, in issuer time, at which a payee may accept it (TS-PAY-7). */
export function acceptBy(of: Payment): Seconds {
  return of.syncedAt + of.acceptMinutes * 60;
}
