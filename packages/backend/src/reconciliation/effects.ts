import { encodeSigned, RECORD, toHex } from '@tallystick/protocol';
import type { PayeeHalf } from '../store/rows.ts';
import { carry } from './carried.ts';
import type { Entry } from './entries.ts';
import type { Grounds } from './grounds.ts';
import { lower, newPayeeHalf, newPayerHalf } from './halves.ts';
import type { Justified, Verdicts } from './justify.ts';
import type { Work } from './work.ts';

/** What the justified entries of a purse's own log mean for its shard, lowest position first. */
export function applyEntries(work: Work, verdicts: Verdicts): void {
  for (const each of inOrder(verdicts.justified)) {
    const { kind } = each.entry.record;
    if (kind === RECORD.payment) applyPayment(work, each.entry, verdicts);
    else if (kind === RECORD.receipt || kind === RECORD.void) applyAnswer(work, each, verdicts);
    else if (kind === RECORD.restore) applyRestore(work, each);
  }
}

function inOrder(justified: readonly Justified[]): Justified[] {
  return [...justified].sort((a, b) => a.entry.record.seq - b.entry.record.seq);
}

function applyPayment(work: Work, entry: Entry, { certificates }: Verdicts): void {
  const { record, id, log } = entry;
  if (record.kind !== RECORD.payment) return;
  const half =
    work.payerHalves.get(id) ??
    newPayerHalf(
      work.purse,
      { id, kid: entry.kid, payment: record },
      certificates.get(toHex(record.payee)),
    );
  work.putPayer({ ...half, inLog: true }, carry(log.record, null));
}

/** A receipt or void in the payee's own log. */
function applyAnswer(work: Work, { entry, grounds, isVerified }: Justified, of: Verdicts): void {
  const id = entry.payment;
  if (id === null || grounds.kind !== 'payment') return;
  const known = work.payeeHalves.get(id);
  const half = known ?? firstHeard(work, id, grounds, of);
  const { record } = entry;
  const after =
    record.kind === RECORD.receipt
      ? { ...half, receiptVersion: lower(half.receiptVersion, record.listVersion) }
      : { ...half, voided: true };
  // Whoever told this shard of the payment, or proved it unverified, has it already.
  const isFirst = known === undefined && isVerified;
  work.putPayee(after, isFirst ? carry(grounds.signed, grounds.signed.signature) : null);
  // That a void which its payer brought is in the payee's log too changes no flag, but a suspect
  // payer's shard can ask for its own signature from now on.
  if (record.kind === RECORD.void && known?.voided === true && known.payerPurse !== null) {
    const to = { kind: 'answered', payment: id, carried: null, accepted: false } as const;
    work.send(known.payerPurse, { ...to, voided: known.addressed });
  }
}

function firstHeard(
  work: Work,
  id: string,
  grounds: Extract<Grounds, { readonly kind: 'payment' }>,
  { certificates, revocations }: Verdicts,
): PayeeHalf {
  const ref = grounds.signer;
  const payer = certificates.get(ref);
  if (payer === undefined) throw new Error(`the payer ${ref} was judged without its certificate`);
  const of = { id, payment: grounds.payment };
  return newPayeeHalf(work.purse, work.ownRefs, of, payer, revocations.get(ref) ?? null);
}

/** The payer takes a payment back; the payee's shard learns of a void that only the payer brings. */
function applyRestore(work: Work, { entry, grounds }: Justified): void {
  const { payment } = entry;
  const half = payment === null ? undefined : work.payerHalves.get(payment);
  if (half === undefined || grounds.kind === 'own') return;
  const isVoid = grounds.kind === 'void';
  // Restored already, by a refund or another branch: a void is news all the same, for both sides.
  if (half.restored && (half.voided || !isVoid)) return;
  work.putPayer({ ...half, restored: true, voided: half.voided || isVoid }, null);
  if (isVoid && half.payeePurse !== null) {
    work.send(half.payeePurse, {
      kind: 'voided',
      payment: half.payment,
      record: encodeSigned(grounds.signed),
    });
  }
}
