import type { DecisionRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import { closureJudge, type JudgeClosure } from './closures.ts';
import type { Evidence } from './evidence.ts';
import type { PaymentFindings } from './findings.ts';
import type { Difference } from './report.ts';

/** Every decision about a payment against what it must have seen. */
export function compareDecisions(
  books: Books,
  evidence: Evidence,
  payments: ReadonlyMap<string, PaymentFindings>,
): Difference[] {
  const closureFault = closureJudge(books, evidence);
  return books.decisions.flatMap((decision) => {
    const fault = faultOf(decision, payments.get(decision.cause), closureFault);
    if (fault === null) return [];
    const { purse, cause: name, kind: stored } = decision;
    return [{ subject: 'decision', purse, name, stored, computed: fault }];
  });
}

function faultOf(
  decision: DecisionRow,
  payment: PaymentFindings | undefined,
  closureFault: JudgeClosure,
): string | null {
  const { kind } = decision;
  if (kind === 'revocation' || kind === 'lost' || kind === 'refund') return null;
  if (payment === undefined) return 'no authentic payment';
  switch (kind) {
    case 'load':
      return payment.loadedIn === decision.purse ? null : 'its bytes are of another load';
    case 'closure':
      return closureFault(decision, payment);
    case 'payout': {
      const isUnload = payment.payee?.purse === null && payment.inLog;
      const isReturn = payment.loadedIn !== null && payment.closed;
      return isUnload || isReturn ? null : 'neither an unload nor a closed load';
    }
  }
}
