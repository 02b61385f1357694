import {
  attempt,
  decodePayload,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  err,
  type Horizon,
  horizonOf,
  type LostReport,
  lostReport,
  NO_EXTERNAL,
  ok,
  type Result,
  type Seconds,
} from '@tallystick/protocol';
import { unhex } from '../store/hex.ts';
import { TO_LIST } from '../store/messages.ts';
import type { Transaction } from '../store/port.ts';
import type { DecisionRow, PurseId, PurseRow } from '../store/rows.ts';
import type { Context } from './context.ts';
import { Work } from './work.ts';

/** A purse whose holder says that it is gone, and the windows of its tier and of the scheme. */
export interface LostOrder {
  readonly purse: PurseId;
  /** Longest after a sync that it pays, or that a payee takes its payments. */
  readonly offlineSeconds: number;
  readonly acceptSeconds: number;
  readonly claimSeconds: number;
}

/**
 * Reports a purse lost: a signed decision with its horizon, and an order to revoke it, persisted
 * together (TS-LOS-1). The same report again gives the first one. Errors: UNKNOWN_CERTIFICATE for a
 * purse that was never enrolled.
 */
export async function recordLost(order: LostOrder, context: Context): Promise<Result<LostReport>> {
  const { store, now } = context;
  const certificates = await store.certificatesOf([order.purse]);
  return store.transaction([order.purse], async (tx) => {
    const row = await tx.purse(order.purse);
    if (row === null) return err('UNKNOWN_CERTIFICATE', 'no such purse is enrolled');
    const known = await readReport(tx, row);
    if (known !== null) return ok(known.report);

    const time = now();
    const report: LostReport = {
      purse: unhex(row.id),
      statement: row.closing === null ? null : unhex(row.closing.id),
      time,
      // Whoever was never answered may have been personalised just now.
      syncedAt: row.syncedAt ?? time,
      offlineSeconds: order.offlineSeconds,
      expires: Math.max(...certificates.map(({ expires }) => expires)),
      acceptSeconds: order.acceptSeconds,
      claimSeconds: order.claimSeconds,
    };
    const signed = await context.issuer.sign(row.participant, {
      external: NO_EXTERNAL,
      payload: encodeCbor(lostReport.encode(report)),
    });
    const work = new Work(row, certificates);
    work.decide({
      purse: row.id,
      kind: 'lost',
      cause: row.id,
      wire: encodeSigned(signed),
      external: NO_EXTERNAL,
      time,
      version: 0,
    });
    const { claimUntil } = horizonOf(report);
    work.purse = { ...row, horizon: claimUntil, refundPending: true };
    work.send(TO_LIST, { kind: 'revoke', reason: 'lost' });
    await tx.write(work.changes());
    return ok(report);
  });
}

/** The report of a purse's loss with its COSE_Sign1; null when there is none. */
export async function readReport(
  tx: Transaction,
  { id, horizon }: PurseRow,
): Promise<{ readonly report: LostReport; readonly decision: DecisionRow } | null> {
  if (horizon === null) return null;
  const { decisions } = await tx.read(id, { decisions: [{ kind: 'lost', cause: id }] });
  const [decision] = decisions;
  if (decision === undefined) throw new Error(`the purse ${id} has a horizon but no report`);
  return { report: decodeReport(decision), decision };
}

/** Reads a report that this backend signed itself. */
function decodeReport({ wire }: DecisionRow): LostReport {
  const read = attempt(() => decodePayload(decodeSigned(wire).payload, lostReport, 'lost report'));
  if (!read.ok) throw new Error(`a stored report is no report: ${read.error.message}`);
  return read.value;
}

/**
 * What an answer means for the purse it goes to: it may pay for longer again, so that a lost one's
 * horizon moves on with it (TS-LOS-2).
 */
export async function heardFrom(
  work: Work,
  tx: Transaction,
  time: Seconds,
): Promise<Pick<PurseRow, 'syncedAt' | 'horizon'>> {
  const known = await readReport(tx, work.purse);
  if (known === null) return { syncedAt: time, horizon: null };
  const next: Horizon = horizonOf(known.report, Math.max(time, known.report.syncedAt));
  // GUARD horizon-moves (rule 16): a lost purse that was heard of may have paid since.
  return { syncedAt: time, horizon: Math.max(work.purse.horizon ?? 0, next.claimUntil) };
}
