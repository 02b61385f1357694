import type { World } from '../../reconciliation/testing/world.ts';
import type { Store } from '../../store/port.ts';
import { audit, type AuditReport, type Difference } from '../index.ts';

/** Fewer than most purses have. */
const FEW = 2;

/**
 * Audits a world's own store, or what somebody has made of it: all of it at once, and once more purse by
 * purse, which must come to the same.
 */
export async function auditOf(
  { scheme, store, context }: World,
  seen: Pick<Store, 'view'> = store,
): Promise<AuditReport> {
  const options = { store: seen, trust: scheme.trust, verifyMany: context.verifyMany };
  const report = await audit(options);
  const byPurse = await audit({ ...options, rowsAtOnce: FEW });
  for (const of of ['agrees', 'purses', 'facts', 'payments', 'postings', 'undelivered'] as const) {
    if (byPurse[of] !== report[of]) throw new Error(`purse by purse, ${of} is ${byPurse[of]}`);
  }
  const [names, others] = [report, byPurse].map(({ differences }) => inOrder(differences));
  if (names !== others) throw new Error(`purse by purse: ${others}\nat once: ${names}`);
  return report;
}

function inOrder(differences: readonly Difference[]): string {
  return differences
    .map((each) => Object.values(each).join(' | '))
    .sort()
    .join('\n');
}
