import {
  type Bytes,
  type Currency,
  decodePurseCertificate,
  type Seconds,
} from '@tallystick/protocol';
import { HOLDER_LOCK, TAMPER_LOCK } from '@tallystick/trusted-app';
import { need } from './failure.ts';
import type { Doubt } from './payments/payments.ts';
import type { Online } from './sync/online.ts';

/** What a holder's screen shows of a purse. Amounts in minor units. */
export interface Balance {
  readonly currency: Currency;
  readonly amount: bigint;
  /** Most that one payment may be now, all limits but the holder's PIN taken into account. */
  readonly available: bigint;
  /** What has left the purse and is not known to have arrived; not part of `amount`. */
  readonly inDoubt: bigint;
  /** Payments leave the purse until this moment, by the issuer's time; then it has to sync. */
  readonly offlineUntil: Seconds;
  /** Whether its holder has locked it; the PIN unlocks it. */
  readonly isLocked: boolean;
  /** Whether it has locked itself, since its storage was changed; a sync unlocks it. */
  readonly isTampered: boolean;
  /** Null where no PIN was set. */
  readonly pinTriesLeft: number | null;
}

/** A payment in doubt, as a holder's screen lists it. */
export interface PendingItem {
  readonly paymentId: Bytes;
  /** Minor units. */
  readonly amount: bigint;
  /** What the payee's certificate calls it; null for a private purse, or when it was lost. */
  readonly displayName: string | null;
  /** The last moment at which the payee may accept it. */
  readonly acceptBy: Seconds;
  /** Whether the payee can be asked about it; if not, only a sync can resolve it. */
  readonly canAsk: boolean;
}

export async function balanceOf({ purse, policies }: Online): Promise<Balance> {
  const { currency } = await policies.need();
  const {
    balance: amount,
    available,
    offlineUntil,
    open,
    lock,
    pinTriesLeft,
  } = need(await purse.status());
  const inDoubt = open
    .filter(({ accepted }) => !accepted)
    .reduce((total, each) => total + each.amount, 0n);
  return {
    currency,
    amount,
    available,
    inDoubt,
    offlineUntil,
    isLocked: (lock & HOLDER_LOCK) !== 0,
    isTampered: (lock & TAMPER_LOCK) !== 0,
    pinTriesLeft,
  };
}

export function itemOf({ open, pending }: Doubt): PendingItem {
  const { id: paymentId, amount, acceptBy } = open;
  const displayName =
    pending === null ? null : decodePurseCertificate(pending.payeeCertificate).subject;
  return { paymentId, amount, displayName, acceptBy, canAsk: pending !== null };
}
