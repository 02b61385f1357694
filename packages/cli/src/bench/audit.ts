import { availableParallelism } from 'node:os';
import { audit, type Page, type Reports, readTrust, startPool } from '@tallystick/backend';
import type { Group } from './group.ts';
import type { StoredOffice } from './lab.ts';
import { row } from './row.ts';
import { SETTLE } from './settling.ts';

/** As many as the audit itself reads at once. */
const PAGE = 5_000;

/**
 * Facts, halves and postings that the audit works out again in a second, on the ledger that the
 * settlement rows have left behind; beside as many as are read in a second, page by page.
 */
export const AUDIT: Group = {
  name: 'audit',
  rows: ['rows'],
  measure: async (lab) => {
    const { elapsedMs, begin } = lab;
    if (!lab.isSettled) await SETTLE.measure(lab, (row) => row === 'payees-first');
    const office = await lab.office();
    begin('reading the ledger');
    await readAll(office);
    const startMs = elapsedMs();
    const rows = await readAll(office);
    const readMs = elapsedMs();
    begin(`auditing ${rows} rows`);
    await auditOnce(office);
    const auditedMs = elapsedMs();
    await readAll(office);
    const readAgainMs = elapsedMs();
    // Before and after the audit, as with the settlement rows.
    const reading = (readMs - startMs + readAgainMs - auditedMs) / 2;
    const rate = (ms: number): number => (rows * 1_000) / ms;
    return [row('audit/rows', rate(auditedMs - readMs), 'rows/s', rate(reading))];
  },
};

async function auditOnce({ store }: StoredOffice): Promise<void> {
  const trust = await readTrust(store);
  if (trust === null) throw new Error('there is no ledger to audit');
  const pool = startPool({ workers: availableParallelism() });
  try {
    const report = await audit({ store, trust, verifyMany: pool.verifyMany });
    if (!report.agrees) throw new Error(`${report.differences.length} rows differ from the facts`);
  } finally {
    await pool.close();
  }
}

/** How many facts, halves and postings there are, having read each. */
function readAll({ store }: StoredOffice): Promise<number> {
  return store.view(async ({ reports }) => {
    let rows = 0;
    for (const kind of ['facts', 'payerHalves', 'payeeHalves', 'postings'] as const) {
      rows += await readKind(reports, kind);
    }
    return rows;
  });
}

async function readKind(
  reports: Reports,
  kind: 'facts' | 'payerHalves' | 'payeeHalves' | 'postings',
): Promise<number> {
  let rows = 0;
  for (let after: string | null = ''; after !== null; ) {
    const page: Page<unknown> = await reports[kind](after, PAGE);
    rows += page.rows.length;
    after = page.next;
  }
  return rows;
}
