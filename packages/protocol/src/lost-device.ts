import { amountField, type Currency } from './amount.ts';
import type { Bytes } from './bytes.ts';
import { ref, type Seconds, seconds } from './certificate.ts';
import { type Codec, list, nullable, tagged } from './codec.ts';
import { LIMITS } from './limits.ts';
import { currencyField, digest, positionField } from './payment.ts';
import { RECORD } from './record.ts';

/** The issuer's decision that a purse is lost, with all that its horizon follows from (TS-LOS-1). */
export interface LostReport {
  /** Reference of the purse's first certificate. */
  readonly purse: Bytes;
  /** The last statement whose complete log the issuer had seen; null before the first. */
  readonly statement: Bytes | null;
  readonly time: Seconds;
  /** When the purse last got an answer, as far as its payments can claim. */
  readonly syncedAt: Seconds;
  /** Longest after a sync that it pays, or that a payee takes its payments. */
  readonly offlineSeconds: number;
  /** Latest hard expiry of its certificates. */
  readonly expires: Seconds;
  /** Longest that a payment may be accepted after it was made. */
  readonly acceptSeconds: number;
  /** How long payees have to bring an accepted payment in. */
  readonly claimSeconds: number;
}

export const lostReport: Codec<LostReport> = tagged<LostReport>(RECORD.lostReport, {
  purse: ref,
  statement: nullable(digest),
  time: seconds,
  syncedAt: seconds,
  offlineSeconds: seconds,
  expires: seconds,
  acceptSeconds: seconds,
  claimSeconds: seconds,
});

/** The last moment of each part of a lost purse's horizon, in issuer time (TS-LOS-2). */
export interface Horizon {
  /** Nobody takes a payment that was made after it. */
  readonly offlineUntil: Seconds;
  /** Nobody accepts a payment after it. */
  readonly acceptUntil: Seconds;
  /** What was accepted has been brought in by then. */
  readonly claimUntil: Seconds;
}

/** The horizon of a lost purse. `syncedAt` where it has synced again since the report (TS-LOS-2). */
export function horizonOf(report: LostReport, syncedAt: Seconds = report.syncedAt): Horizon {
  const offlineUntil = Math.min(syncedAt + report.offlineSeconds, report.expires);
  const acceptUntil = offlineUntil + report.acceptSeconds;
  return { offlineUntil, acceptUntil, claimUntil: acceptUntil + report.claimSeconds };
}

/** The issuer's decision to give a lost purse's money back to its account (TS-LOS-4). */
export interface Refund {
  readonly purse: Bytes;
  /** 1 for the first of this purse. */
  readonly number: number;
  /** Id of the report it follows. */
  readonly report: Bytes;
  /** The last statement whose complete log the issuer had seen; null when it never saw one. */
  readonly statement: Bytes | null;
  /** Payments and loads whose money it takes back for the purse, which cannot do so itself. */
  readonly payments: readonly Bytes[];
  readonly currency: Currency;
  /** Minor units: what was in the purse, with what is taken back. */
  readonly amount: bigint;
  readonly time: Seconds;
}

export const refund: Codec<Refund> = tagged<Refund>(RECORD.refund, {
  purse: ref,
  number: positionField,
  report: digest,
  statement: nullable(digest),
  payments: list(digest, LIMITS.openPayments),
  currency: currencyField,
  amount: amountField,
  time: seconds,
});
