import type { PayeeHalf, PayerHalf } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';

/** The parts of a payer's half that follow from the facts. */
export type ExpectedPayer = Pick<
  PayerHalf,
  | 'seq'
  | 'kid'
  | 'payee'
  | 'payeePurse'
  | 'currency'
  | 'amount'
  | 'hop'
  | 'acceptBy'
  | 'inLog'
  | 'accepted'
  | 'voided'
  | 'closed'
  | 'restored'
> & { readonly isUnload: boolean; readonly redeemed: boolean; readonly isSettled: boolean };

/** The same of a stored half. When money goes out, and in which epoch, is not for facts to say. */
export function storedPayer(half: PayerHalf): ExpectedPayer {
  const { unload, settledEpoch } = half;
  return {
    ...half,
    isUnload: unload !== null,
    redeemed: unload === 'paid',
    isSettled: settledEpoch !== null,
  };
}

export type ExpectedPayee = Pick<
  PayeeHalf,
  | 'payer'
  | 'payerPurse'
  | 'payerParticipant'
  | 'currency'
  | 'amount'
  | 'hop'
  | 'acceptBy'
  | 'addressed'
  | 'receiptVersion'
  | 'voided'
  | 'closed'
  | 'revokedAt'
  | 'credited'
>;

type Purses = Books['purses'];

/** Whether a purse is the one that a payment names, and holds its currency. */
function isAddressed({ payee, currency }: PaymentFindings, name: string, purses: Purses): boolean {
  return payee?.purse === name && purses.get(name)?.currency === currency;
}

/** A load that a refund has taken back counts as closed; another payment is its payer's affair. */
export function isLoadTakenBack({ load, takenBack }: PaymentFindings): boolean {
  return load !== null && takenBack;
}

/** Whether a payment goes back to where its purse's money comes from. */
function isUnload({ payer, payee, currency }: PaymentFindings, purses: Purses): boolean {
  const isHome = payee?.purse === null && payee.participant === payer.participant;
  return isHome && purses.get(payer.purse ?? '')?.currency === currency;
}

/** What the payer's shard must know; null for a load, which has no payer's shard. */
export function expectPayer(found: PaymentFindings, purses: Purses): ExpectedPayer | null {
  if (found.payer.purse === null) return null;
  const { payer, paidOut, seq, currency, amount, hop, acceptBy } = found;
  const payee = found.payee?.purse ?? '';
  const isHeard = isAddressed(found, payee, purses);
  const accepted = isHeard && found.receipts.has(payee);
  return {
    seq,
    kid: payer.ref,
    payee: found.payeeRef,
    payeePurse: found.payee?.purse ?? null,
    currency,
    amount,
    hop,
    acceptBy,
    inLog: found.inLog,
    accepted,
    voided: (isHeard && found.voids.has(payee)) || found.restoredByVoid,
    closed: found.closed,
    restored: found.restored || found.takenBack,
    isUnload: isUnload(found, purses),
    redeemed: paidOut,
    isSettled: accepted || paidOut,
  };
}

/** What each shard that has to do with receiving it must know, by purse. */
export function expectPayees(
  found: PaymentFindings,
  purses: Purses,
  revokedAt: number | null,
  credited: string | undefined,
): Map<string, ExpectedPayee> {
  const { payer, payee, receipts, voids, load, currency, amount, hop, acceptBy } = found;
  const names = new Set([...receipts.keys(), ...voids]);
  if (load !== null) names.add(load.purse);
  if (found.inLog && payee?.purse != null) names.add(payee.purse);
  const halves = new Map<string, ExpectedPayee>();
  for (const name of names) {
    const addressed = isAddressed(found, name, purses);
    halves.set(name, {
      payer: payer.ref,
      payerPurse: payer.purse,
      payerParticipant: payer.participant,
      currency,
      amount,
      hop,
      acceptBy,
      addressed,
      receiptVersion: receipts.get(name) ?? null,
      voided: voids.has(name),
      closed: addressed && (found.closed || isLoadTakenBack(found)),
      revokedAt: addressed ? revokedAt : null,
      credited: credited === name,
    });
  }
  return halves;
}
