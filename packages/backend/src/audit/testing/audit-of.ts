import type { World } from '../../reconciliation/testing/world.ts';
import type { Store } from '../../store/port.ts';
import { audit, type AuditReport } from '../index.ts';

/** Audits a world's own store, or what somebody has made of it. */
export function auditOf(
  { scheme, store, context }: World,
  seen: Pick<Store, 'view'> = store,
): Promise<AuditReport> {
  return audit({ store: seen, trust: scheme.trust, verifyMany: context.verifyMany });
}
