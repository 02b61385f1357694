import { type Currency, GENESIS, toHex } from '@tallystick/protocol';
import type { PurseId, PurseRow } from './rows.ts';

/** The row of a purse that has just got its first certificate. */
export function newPurse(of: {
  readonly id: PurseId;
  readonly participant: string;
  readonly account: string;
  readonly currency: Currency;
}): PurseRow {
  return {
    ...of,
    provenSeq: 0,
    epoch: 0,
    rolledBack: false,
    standing: 'sound',
    reason: null,
    exposed: 0n,
    lossRevision: 0,
    forkSeq: null,
    closing: null,
    untold: null,
    loadSeq: 0,
    loadHead: toHex(GENESIS),
    revokedAt: null,
    syncedAt: null,
    listVersion: null,
    horizon: null,
    refundPending: false,
    refunds: 0,
    refunded: 0n,
  };
}
