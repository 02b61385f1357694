import { type Bytes, decodePurseCertificate, equal } from '@tallystick/protocol';
import { failure, need, outcome, type WalletFailure, type WalletResult } from '../failure.ts';
import type { PaymentOutcome } from '../payments/payment-outcome.ts';
import type { Online } from './online.ts';
import { sync, type SyncReport } from './sync.ts';

/** How the holder proves to be there, where the amount is above the step-up. */
export interface HolderProof {
  /** UTF-8 of what was typed. */
  readonly pin?: Bytes;
  /** Have the platform confirm the holder instead. */
  readonly assertHolder?: boolean;
}

/** A redemption, and the sync that brings it in. */
export interface Redemption extends PaymentOutcome {
  /** Null when the backend could not be reached or refused: `cause` says. */
  readonly sync: SyncReport | null;
}

/**
 * Moves money from the purse to the account (INV-REDEEM, TS-PAY-12): a payment on the issuer's
 * unload code, then a sync that brings it in. No limit but the balance applies. An unload of the
 * same amount that is still under way is brought in instead of begun anew. `state` is `paid` once
 * the issuer has confirmed it, and `inDoubt` while it could not be brought in; then sync again.
 */
export async function redeem(
  online: Online,
  amount: bigint,
  holder: HolderProof,
): Promise<Redemption> {
  const paymentId = (await underWay(online, amount)) ?? (await payIssuer(online, amount, holder));
  const synced = await outcome(() => sync(online));
  const isOpen = (await online.payments.doubts()).some(({ open }) => equal(open.id, paymentId));
  const report = { paymentId, amount, receipt: null, sync: synced.ok ? synced.value : null };
  return isOpen
    ? { ...report, state: 'inDoubt', cause: whyOpen(synced) }
    : { ...report, state: 'paid', cause: null };
}

/** Syncs, so that all the money there is has come back; then redeems it. Null when there is none. */
export async function redeemAll(online: Online, holder: HolderProof): Promise<Redemption | null> {
  await sync(online);
  const { balance } = need(await online.purse.status());
  return balance === 0n ? null : redeem(online, balance, holder);
}

async function underWay(online: Online, amount: bigint): Promise<Bytes | null> {
  const { ref } = decodePurseCertificate((await online.profiles.need()).issuer);
  const doubts = await online.payments.doubts();
  const found = doubts.find(({ open }) => equal(open.payee, ref) && open.amount === amount);
  return found?.open.id ?? null;
}

async function payIssuer(online: Online, amount: bigint, holder: HolderProof): Promise<Bytes> {
  const { unloadCode, issuer } = await online.profiles.need();
  const order = {
    request: unloadCode,
    certificate: issuer,
    amount,
    pin: holder.pin ?? null,
    assertHolder: holder.assertHolder ?? false,
    // Another unload under way is no reason to wait: the issuer takes them all.
    despiteDoubt: true,
  };
  return need(await online.payments.debit(order)).id;
}

function whyOpen(synced: WalletResult<SyncReport>): WalletFailure {
  if (!synced.ok) return synced.error;
  const code = synced.value.refused[0]?.code;
  return code === undefined
    ? failure('BACKEND_REFUSED', 'it does not confirm the unload yet')
    : failure('BACKEND_REFUSED', code, code);
}
