import {
  type Closure,
  closure,
  encodeCbor,
  encodeSigned,
  NO_EXTERNAL,
  type Seconds,
} from '@tallystick/protocol';
import type { Transaction } from '../store/port.ts';
import type { ClosingStatement, PayeeHalf } from '../store/rows.ts';
import { TO_RAIL } from '../store/messages.ts';
import { unhex } from '../store/hex.ts';
import type { Context } from './context.ts';
import { loadReturnPosting } from './postings.ts';
import type { Work } from './work.ts';

/** A statement of a gapless log, as far as closures care. */
export function laterClosing(
  old: ClosingStatement | null,
  next: ClosingStatement,
): ClosingStatement {
  const isLater = old === null || next.floor > old.floor;
  return isLater ? next : old;
}

/** Whether a payment can never be accepted any more, by its payee's own word (TS-SYN-7). */
function isLapsed(half: PayeeHalf, floor: Seconds): boolean {
  const isOpen = half.receiptVersion === null && !half.closed;
  // Nobody's log but the payee's says anything about its acceptance.
  // GUARD lapsed-by-floor (rule 2): a payee that synced too early has proven nothing.
  return half.addressed && isOpen && half.acceptBy < floor;
}

/**
 * Closes what the payee's complete log lacks although its floor has passed the last moment of
 * acceptance (rule 2): the payer may take the money back, and a load returns to its account.
 */
export async function closeLapsed(
  work: Work,
  tx: Transaction,
  context: Context,
  isNewStatement: boolean,
): Promise<void> {
  const { closing, id, standing } = work.purse;
  if (closing === null) return;
  const stored = isNewStatement ? await tx.lapsedPayeeHalves(id, closing.floor) : [];
  const halves = new Map(stored.map((half) => [half.payment, half]));
  for (const half of work.payeeHalves.values()) halves.set(half.payment, half);
  for (const half of halves.values()) {
    // A culprit's load stays in flight against what it owes.
    const isKept = half.payerPurse === null && standing === 'culprit';
    if (isLapsed(half, closing.floor) && !isKept) await close(work, half, closing, context);
  }
}

async function close(
  work: Work,
  half: PayeeHalf,
  closing: ClosingStatement,
  context: Context,
): Promise<void> {
  const time = context.now();
  const message: Closure = {
    paymentId: unhex(half.payment),
    statementId: unhex(closing.id),
    time,
  };
  // The payer's own participant signs, so that the payer knows the key.
  const signed = await context.issuer.sign(half.payerParticipant, {
    external: NO_EXTERNAL,
    payload: encodeCbor(closure.encode(message)),
  });
  const wire = encodeSigned(signed);
  const { id } = work.purse;
  work.decide({
    purse: id,
    kind: 'closure',
    cause: half.payment,
    wire,
    external: NO_EXTERNAL,
    time,
    version: 0,
  });
  work.learn({ payeeHalves: [half] });
  work.putPayee({ ...half, closed: true }, null);
  if (half.payerPurse === null) returnLoad(work, half, time);
  else {
    work.send(half.payerPurse, {
      kind: 'closed',
      payment: half.payment,
      closure: wire,
    });
  }
}

function returnLoad(work: Work, half: PayeeHalf, time: Seconds): void {
  work.post(loadReturnPosting(work.purse, half));
  payOut(work, half, 'loadReturn', time);
}

/** Orders the rail to credit the holder's account, and remembers the order as a decision. */
export function payOut(
  work: Work,
  of: { readonly payment: string; readonly currency: number; readonly amount: bigint },
  cause: 'unload' | 'loadReturn',
  time: Seconds,
): void {
  const { id: purse, participant, account } = work.purse;
  const { payment, currency, amount } = of;
  work.decide({
    purse,
    kind: 'payout',
    cause: payment,
    wire: NO_EXTERNAL,
    external: NO_EXTERNAL,
    time,
    version: 0,
  });
  work.send(TO_RAIL, {
    kind: 'credit',
    payment,
    participant,
    account,
    currency,
    amount,
    cause,
  });
}
