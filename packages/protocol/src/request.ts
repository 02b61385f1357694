import { amountField, type Currency } from './amount.ts';
import { type Bytes, sha256 } from './bytes.ts';
import { type Seconds, seconds } from './certificate.ts';
import { type Codec, fixed, flag, nullable, tagged } from './codec.ts';
import { currencyField } from './payment.ts';
import { RECORD } from './record.ts';

/** A payee's demand, or a static code: it names who, how much and until when (TS-REQ-1). */
export interface Request {
  readonly currency: Currency;
  /** Minor units, or null where the payer chooses. */
  readonly amount: bigint | null;
  /** Last second at which the payer may answer it. */
  readonly expires: Seconds;
  /** Makes every dynamic request different. */
  readonly nonce: Bytes;
  /** Proves to the payee's own trusted application that it made this request (TS-REQ-4). */
  readonly tag: Bytes;
  /** True for a long-lived code of one acceptance point. */
  readonly isStatic: boolean;
}

export const request: Codec<Request> = tagged<Request>(RECORD.request, {
  currency: currencyField,
  amount: nullable(amountField),
  expires: seconds,
  nonce: fixed(8),
  tag: fixed(8),
  isStatic: flag,
});

/** What a payment signs as external data: SHA-256 of the signed request's bytes (TS-PAY-5). */
export function requestDigest(signedRequest: Bytes): Bytes {
  return sha256(signedRequest);
}
