import type { DecisionRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import { closureFault } from './closures.ts';
import type { PaymentFindings } from './findings.ts';
import type { LogFindings } from './log-findings.ts';
import type { Difference } from './report.ts';

/** Every decision about a payment against what it must have seen. */
export function compareDecisions(
  books: Books,
  logs: LogFindings,
  payments: ReadonlyMap<string, PaymentFindings>,
): Difference[] {
  return books.decisions.flatMap((decision) => {
    const fault = faultOf(decision, payments.get(decision.cause), books, logs);
    if (fault === null) return [];
    const { purse, cause: name, kind: stored } = decision;
    return [{ subject: 'decision', purse, name, stored, computed: fault }];
  });
}

function faultOf(
  decision: DecisionRow,
  payment: PaymentFindings | undefined,
  books: Books,
  logs: LogFindings,
): string | null {
  const { kind } = decision;
  if (kind === 'revocation' || kind === 'lost' || kind === 'refund') return null;
  if (payment === undefined) return 'no authentic payment';
  switch (kind) {
    case 'load':
      return payment.load?.purse === decision.purse ? null : 'its bytes are of another load';
    case 'closure':
      return closureFault(decision, payment, books, logs);
    case 'payout': {
      const isUnload = payment.payee?.purse === null && payment.inLog;
      const isReturn = payment.load !== null && payment.closed;
      return isUnload || isReturn ? null : 'neither an unload nor a closed load';
    }
  }
}
