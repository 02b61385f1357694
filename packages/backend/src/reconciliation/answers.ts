import {
  type Answer,
  answer,
  type Bytes,
  encodeCbor,
  encodeSigned,
  LIMITS,
  NO_EXTERNAL,
} from '@tallystick/protocol';
import type { Transaction } from '../store/port.ts';
import type { AnswerRow, RecordId, Untold } from '../store/rows.ts';
import { unhex } from '../store/hex.ts';
import type { Context } from './context.ts';
import { heardFrom } from './lost.ts';
import type { Work } from './work.ts';

/**
 * The answer to a statement: the one that was given before, or a new one with the next epoch. It is
 * written with everything it acknowledges, before it is released.
 */
export async function answerFor(
  work: Work,
  tx: Transaction,
  context: Context,
  statement: RecordId,
  of: {
    readonly given: AnswerRow | null;
    readonly ackedTo: number;
    readonly sinceEpoch: number;
    /** Of the status list that the purse said it had. */
    readonly listVersion: number;
    /** Digest of the upload; null unless all of it was taken in. */
    readonly upload: string | null;
  },
): Promise<Bytes> {
  // GUARD answer-once (rule 10): a statement has one answer, persisted before it is released.
  if (of.given !== null) return of.given.wire;
  const epoch = work.purse.epoch + 1;
  const { settled, untold } = await settledSince(work, tx, of.sinceEpoch);
  const message: Answer = {
    statementId: unhex(statement),
    ackedTo: of.ackedTo,
    epoch,
    time: context.now(),
    settled,
  };
  const signed = await context.issuer.sign(work.purse.participant, {
    external: NO_EXTERNAL,
    payload: encodeCbor(answer.encode(message)),
  });
  const wire = encodeSigned(signed);
  const heard = await heardFrom(work, tx, message.time);
  work.purse = { ...work.purse, epoch, untold, listVersion: of.listVersion, ...heard };
  work.add('answers', {
    purse: work.purse.id,
    statement,
    epoch,
    ackedTo: of.ackedTo,
    upload: of.upload,
    wire,
  });
  return wire;
}

/**
 * Payments that arrived since the answer of an epoch, which the purse says was its last, as many as
 * an answer holds; the next answer goes on where this one ends.
 */
async function settledSince(
  work: Work,
  tx: Transaction,
  stated: number,
): Promise<{ readonly settled: readonly Bytes[]; readonly untold: Untold | null }> {
  const { id, epoch, untold: left } = work.purse;
  const since = Math.min(stated, left?.since ?? stated);
  // Whoever did not get the last answer is told again what it told.
  const skipped = stated === epoch ? (left?.told ?? 0) : 0;
  const stored = (await tx.settledSince(id, since)).slice(skipped);
  const known = new Set(stored);
  const fresh = [...work.payerHalves.values()].filter(
    ({ settledEpoch, payment }) => settledEpoch === epoch && !known.has(payment),
  );
  const hasRoom = stored.length + fresh.length <= LIMITS.openPayments;
  const told = hasRoom ? stored : stored.slice(0, LIMITS.openPayments);
  const unread = told.filter((payment) => !work.payerHalves.has(payment));
  if (unread.length > 0) work.learn(await tx.read(id, { payerHalves: unread }));
  const halves = told.flatMap((payment) => work.payerHalves.get(payment) ?? []);
  if (hasRoom) halves.push(...fresh);
  return {
    settled: halves
      .filter(({ restored }) => !restored)
      .sort((a, b) => a.seq - b.seq || (a.payment < b.payment ? -1 : 1))
      .map(({ payment }) => unhex(payment)),
    untold: hasRoom ? null : { since, told: skipped + told.length },
  };
}

/** Closures of payments in this purse's log that it has not taken back yet, oldest first. */
export async function openClosures(work: Work, tx: Transaction): Promise<Bytes[]> {
  const open = [...(await work.waiting(tx))]
    .map((half) => work.payerHalves.get(half.payment) ?? half)
    .filter(({ closed, restored, inLog }) => closed && !restored && inLog)
    .sort((a, b) => a.seq - b.seq)
    .slice(0, LIMITS.closuresPerAnswer);
  if (open.length === 0) return [];
  const { decisions } = await tx.read(work.purse.id, {
    decisions: open.map(({ payment }) => ({ kind: 'closure', cause: payment })),
  });
  const wires = new Map(decisions.map(({ cause, wire }) => [cause, wire]));
  return open.flatMap(({ payment }) => wires.get(payment) ?? []);
}
