import { attempt, closure, decodePayload, decodeSigned, toHex } from '@tallystick/protocol';
import type { DecisionRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import type { Difference } from './report.ts';

/** Every decision against what it must have seen. */
export function compareDecisions(
  books: Books,
  payments: ReadonlyMap<string, PaymentFindings>,
): Difference[] {
  const statements = new Set(books.facts.map(({ purse, id }) => `${purse} ${id}`));
  return books.decisions.flatMap((decision) => {
    const fault = faultOf(decision, payments.get(decision.cause), statements);
    if (fault === null) return [];
    const { purse, cause: name, kind: stored } = decision;
    return [{ subject: 'decision', purse, name, stored, computed: fault }];
  });
}

function faultOf(
  decision: DecisionRow,
  payment: PaymentFindings | undefined,
  statements: ReadonlySet<string>,
): string | null {
  const { kind } = decision;
  if (kind === 'revocation' || kind === 'lost' || kind === 'refund') return null;
  if (payment === undefined) return 'no authentic payment';
  switch (kind) {
    case 'load':
      return payment.loadedIn === decision.purse ? null : 'its bytes are of another load';
    case 'closure':
      return closureFault(decision, payment, statements);
    case 'payout': {
      const isUnload = payment.payee?.purse === null && payment.inLog;
      const isReturn = payment.loadedIn !== null && payment.closed;
      return isUnload || isReturn ? null : 'neither an unload nor a closed load';
    }
  }
}

/** A closure names a statement of the payee, whose log lacks a receipt of the payment before it. */
function closureFault(
  { wire }: DecisionRow,
  { id, payee, closed }: PaymentFindings,
  statements: ReadonlySet<string>,
): string | null {
  const read = attempt(() => decodePayload(decodeSigned(wire).payload, closure, 'closure'));
  if (!read.ok || toHex(read.value.paymentId) !== id) return 'its bytes are of something else';
  if (!closed) return 'not closed';
  const statement = toHex(read.value.statementId);
  return statements.has(`${payee?.purse ?? ''} ${statement}`) ? null : 'its statement is not known';
}
