import type { Bytes } from '@tallystick/protocol';
import type { WalletFailure } from '../failure.ts';

/** Where a payment stands (INV-TORN). */
export interface PaymentOutcome {
  /**
   * - `paid`: the payee or the issuer has confirmed it; the money is the payee's.
   * - `takenBack`: it can never be accepted any more; the money is back in this purse.
   * - `inDoubt`: not known yet. Present it again, or sync.
   * - `sent`: shown over a link without a way back. It counts as in doubt until a sync.
   */
  readonly state: 'paid' | 'takenBack' | 'inDoubt' | 'sent';
  readonly paymentId: Bytes;
  /** Minor units. */
  readonly amount: bigint;
  /** The payee's signed receipt, when this contact brought it. */
  readonly receipt: Bytes | null;
  /** Why it is not paid. */
  readonly cause: WalletFailure | null;
}
