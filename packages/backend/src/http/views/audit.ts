import { z } from '@hono/zod-openapi';
import type { AuditReport, Difference } from '../../audit/index.ts';

/** A ledger that differs everywhere is not listed everywhere. */
const DIFFERENCES_SHOWN = 100;

interface DifferenceView extends Omit<Difference, 'subject'> {
  readonly subject: string;
}

export interface AuditView extends Omit<AuditReport, 'differences'> {
  readonly differences: readonly DifferenceView[];
  readonly differencesInAll: number;
}

const count = z.number().int();

/** What an audit looked at, and what is stored that the facts do not bear out. */
export const auditSchema: z.ZodType<AuditView> = z
  .object({
    agrees: z.boolean(),
    purses: count,
    facts: count,
    payments: count,
    postings: count,
    signatures: count.openapi({ description: 'Verified again.' }),
    undelivered: count.openapi({ description: 'Messages under way, and so not compared.' }),
    differences: z
      .array(
        z.object({
          subject: z.string(),
          purse: z.string(),
          name: z.string(),
          stored: z.string(),
          computed: z.string(),
        }),
      )
      .readonly(),
    differencesInAll: count,
  })
  .openapi('Audit');

export function viewAudit(report: AuditReport): AuditView {
  const { differences } = report;
  return {
    ...report,
    differences: differences.slice(0, DIFFERENCES_SHOWN),
    differencesInAll: differences.length,
  };
}
