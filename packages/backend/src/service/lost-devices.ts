import { decodePurseCertificate, type LostReport } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import { type LostOrder, readReport, recordLost, refundDue } from '../reconciliation/index.ts';
import { longestOffline } from '../scheme/scheme.ts';
import type { PurseId, PurseRow } from '../store/rows.ts';
import type { Parts } from './parts.ts';

/** A purse that was reported lost, as it stands now. */
export interface LostPurse {
  readonly purse: PurseRow;
  readonly report: LostReport;
}

/**
 * Reports a device lost (TS-LOS-1): its purse is revoked by the next status list, and what is left
 * in it is refunded after its horizon. The same report again gives the first one.
 * Errors: UNKNOWN_PURSE.
 */
export async function reportLost(parts: Parts, purse: PurseId): Promise<Outcome<LostPurse>> {
  const order = await orderFor(parts, purse);
  if (order === null) return refuse('UNKNOWN_PURSE', purse);
  const recorded = await recordLost(order, parts.context);
  if (!recorded.ok) return recorded;
  await parts.dispatcher.drain();
  return lostPurse(parts, purse);
}

/** A purse with its report. Errors: UNKNOWN_PURSE for one that was not reported lost. */
export async function lostPurse({ store }: Parts, id: PurseId): Promise<Outcome<LostPurse>> {
  const found = await store.transaction([id], async (tx) => {
    const purse = await tx.purse(id);
    const known = purse === null ? null : await readReport(tx, purse);
    return purse === null || known === null ? null : { purse, report: known.report };
  });
  return found === null ? refuse('UNKNOWN_PURSE', `${id} was not reported lost`) : accept(found);
}

/** Makes every refund that is due, and has the rail credit them; returns how many there were. */
export async function refundLost({ context, dispatcher }: Parts): Promise<number> {
  // A claim that is here, but has not reached the lost purse's shard, must not be refunded.
  await dispatcher.drain();
  const made = await refundDue(context);
  await dispatcher.drain();
  return made;
}

async function orderFor({ store, scheme }: Parts, purse: PurseId): Promise<LostOrder | null> {
  const certificates = await store.certificatesOf([purse]);
  if (certificates.length === 0) return null;
  const tiers = new Set(certificates.map(({ wire }) => decodePurseCertificate(wire).profile.tier));
  const windows = [...tiers].map((tier) => longestOffline(scheme, tier));
  return {
    purse,
    offlineSeconds: Math.max(...windows),
    acceptSeconds: scheme.acceptMinutes * 60,
    claimSeconds: scheme.claimSeconds,
  };
}
