import {
  encodeCbor,
  encodeSigned,
  LIMITS,
  NO_EXTERNAL,
  recordId,
  type Refund,
  refund,
  decodeSigned,
  type Seconds,
} from '@tallystick/protocol';
import { unhex } from '../store/hex.ts';
import { TO_RAIL } from '../store/messages.ts';
import type { Transaction } from '../store/port.ts';
import type { PayeeHalf, PayerHalf, PurseId } from '../store/rows.ts';
import type { Context } from './context.ts';
import { bookLosses, isUnpaidUnload } from './losses.ts';
import { readReport } from './lost.ts';
import { applyPostings, refundPosting, restorePosting, sumOf } from './postings.ts';
import { Work } from './work.ts';

const PURSES_AT_ONCE = 100;

/**
 * Refunds what is left in lost purses whose horizon has passed (rule 16, TS-LOS-4); returns how many refunds
 * it made. Safe to repeat, to interleave and to break off: each purse is one transaction.
 */
export async function refundDue(context: Context): Promise<number> {
  let made = 0;
  for (;;) {
    const due = await context.store.reports.refundsDue(context.now(), PURSES_AT_ONCE);
    if (due.length === 0) return made;
    for (const purse of due) if (await refundPurse(purse, context)) made += 1;
  }
}

async function refundPurse(purse: PurseId, context: Context): Promise<boolean> {
  const certificates = await context.store.certificatesOf([purse]);
  return context.store.transaction([purse], async (tx) => {
    const row = await tx.purse(purse);
    const now = context.now();
    // GUARD refund-due (rule 16): no refund before the horizon has passed.
    const isDue = row?.horizon != null && row.horizon < now && row.refundPending;
    if (row === null || !isDue) return false;
    const work = new Work(row, certificates);
    work.purse = { ...row, refundPending: false };
    const due = await reckon(work, tx, now);
    if (due !== null) await decide(work, tx, context, due);
    await tx.write(work.changes());
    return due !== null;
  });
}

/** What a refund gives back, and from where. */
interface Due {
  readonly payers: readonly PayerHalf[];
  readonly loads: readonly PayeeHalf[];
  readonly amount: bigint;
}

/** What there is to refund; null when there is nothing, or nobody knows whose it is. */
async function reckon(work: Work, tx: Transaction, now: Seconds): Promise<Due | null> {
  const { id, currency, standing } = work.purse;
  if (standing !== 'sound') return null;
  const halves = await tx.allPayerHalves(id);
  const lapsed = await tx.lapsedPayeeHalves(id, now);
  work.learn({ payerHalves: halves, payeeHalves: lapsed });
  const takeable = [
    ...halves
      .filter((half) => canTakeBack(half, currency))
      .map((payer) => ({ payer, amount: payer.amount })),
    ...lapsed.filter(isOwnLoad).map((load) => ({ load, amount: load.amount })),
  ].slice(0, LIMITS.openPayments);
  const balances = await tx.balances(id);
  // A recognised loss has lifted the float; it is nothing that the holder is owed.
  const float = -sumOf(balances, 'float', currency) - sumOf(balances, 'loss', currency);
  const amount = takeable.reduce((sum, each) => sum + each.amount, float);
  if (amount <= 0n) return null;
  const payers = takeable.flatMap((each) => ('payer' in each ? [each.payer] : []));
  const loads = takeable.flatMap((each) => ('load' in each ? [each.load] : []));
  return { payers, loads, amount };
}

/** The payer's by right, and its device cannot take it back any more; what is open is not. */
function canTakeBack(half: PayerHalf, currency: number): boolean {
  // GUARD refund-once (rule 16): what the purse took back is not refunded again.
  if (half.restored || half.currency !== currency) return false;
  return half.voided || half.closed || isUnpaidUnload(half);
}

/**
 * A load that the purse has not shown as received: the holder's, whether it arrived or not. One that
 * it voided too: only a later sync would have had it closed, and there is none.
 */
function isOwnLoad({ payerPurse, addressed }: PayeeHalf): boolean {
  return payerPurse === null && addressed;
}

async function decide(work: Work, tx: Transaction, context: Context, due: Due): Promise<void> {
  const { purse } = work;
  const known = await readReport(tx, purse);
  if (known === null) throw new Error(`the purse ${purse.id} was not reported lost`);
  const payments = [...due.payers, ...due.loads].map(({ payment }) => payment).sort();
  const message: Refund = {
    purse: unhex(purse.id),
    number: purse.refunds + 1,
    report: recordId(decodeSigned(known.decision.wire)),
    statement: purse.closing === null ? null : unhex(purse.closing.id),
    payments: payments.map(unhex),
    currency: purse.currency,
    amount: due.amount,
    time: context.now(),
  };
  const signed = await context.issuer.sign(purse.participant, {
    external: NO_EXTERNAL,
    payload: encodeCbor(refund.encode(message)),
  });
  const cause = refundCause(purse.id, message.number);
  work.decide({
    purse: purse.id,
    kind: 'refund',
    cause,
    wire: encodeSigned(signed),
    external: NO_EXTERNAL,
    time: message.time,
    version: 0,
  });
  takeBack(work, due);
  work.post(refundPosting(purse, { payment: cause, ...message }));
  work.purse = {
    ...work.purse,
    refunds: message.number,
    refunded: purse.refunded + due.amount,
    // More than one decision can name is left to the next.
    refundPending: payments.length === LIMITS.openPayments,
  };
  bookLosses(work, applyPostings(await tx.balances(purse.id), work.postings));
  const { participant, account, currency } = purse;
  work.send(TO_RAIL, {
    kind: 'credit',
    payment: cause,
    participant,
    account,
    currency,
    amount: due.amount,
    cause: 'refund',
  });
}

/** Restores for the purse what it could have restored itself, and loads into its float. */
function takeBack(work: Work, { payers, loads }: Due): void {
  for (const half of payers) work.putPayer({ ...half, restored: true }, null);
  for (const half of loads) {
    // Closed, so that a receipt which a found device brings in adds nothing.
    work.putPayee({ ...half, closed: true }, null);
    work.post(restorePosting(work.purse, half));
  }
}

/** Cause of a refund: the purse, and the refund's number in four bytes. */
function refundCause(purse: PurseId, number: number): string {
  return purse + number.toString(16).padStart(8, '0');
}
