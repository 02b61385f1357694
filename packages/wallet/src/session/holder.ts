import { type Bytes, type Currency, err, type ErrorCode } from '@tallystick/protocol';
import { failure, need, stop } from '../failure.ts';
import type { Debited } from '../payments/payments.ts';
import type { Offer } from './offer.ts';
import type { Parts } from './parts.ts';

/** What the holder is asked to approve. */
export interface Question {
  /**
   * What the payee's certificate calls it, or null for a private purse. The certificate is verified
   * by now; what the screen makes of it is outside every trusted environment.
   */
  readonly displayName: string | null;
  /** Minor units, or null where the holder chooses. */
  readonly amount: bigint | null;
  readonly currency: Currency;
  /** Minor units of earlier payments to this payee that are still in doubt; 0 when there are none. */
  readonly inDoubt: bigint;
  /** Why the last answer was not enough: PIN_REQUIRED, PIN_WRONG or ASSERTION_REFUSED; else null. */
  readonly again: ErrorCode | null;
}

export interface Approval {
  readonly approve: boolean;
  /** Minor units, where the question leaves them open. */
  readonly amount?: bigint;
  /** UTF-8 of what was typed. */
  readonly pin?: Bytes;
  /** Have the platform confirm the holder instead of a PIN. */
  readonly assertHolder?: boolean;
  /** Pay although earlier payments to this payee are in doubt: they may go through as well. */
  readonly despiteDoubt?: boolean;
}

/** Asks the holder. Called again, with the reason, when the purse wants a PIN or refuses one. */
export type Confirm = (question: Question) => Promise<Approval>;

const ASK_AGAIN: ReadonlySet<string> = new Set(['PIN_REQUIRED', 'PIN_WRONG', 'ASSERTION_REFUSED']);
/** One question, and as many again as the purse allows wrong PINs (TS-HLD-3). */
const ROUNDS = 6;

/** Has the holder approve an offer, and the purse debit it. Stops when either does not. */
export async function confirmAndDebit(
  parts: Parts,
  offer: Offer,
  inDoubt: bigint,
  confirm: Confirm,
): Promise<Debited> {
  const { displayName, amount, currency } = offer;
  let again: ErrorCode | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const approval = await confirm({ displayName, amount, currency, inDoubt, again });
    if (!approval.approve) return stop(failure('DECLINED'));
    const chosen = approval.amount ?? amount ?? need<bigint>(err('BAD_AMOUNT', 'none was chosen'));
    const order = {
      request: offer.request,
      certificate: offer.certificate,
      amount: chosen,
      pin: approval.pin ?? null,
      assertHolder: approval.assertHolder ?? false,
      despiteDoubt: approval.despiteDoubt ?? false,
    };
    const debited = await parts.payments.debit(order);
    if (debited.ok) return debited.value;
    const { code } = debited.error;
    if (!ASK_AGAIN.has(code)) return stop(debited.error);
    again = code as ErrorCode;
  }
  return stop(failure('DECLINED', 'the holder was not verified'));
}
