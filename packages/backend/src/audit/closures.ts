import {
  attempt,
  type Closure,
  closure,
  decodePayload,
  decodeSigned,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import type { DecisionRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import type { LogFindings } from './log-findings.ts';

/**
 * Says what is wrong with a closure of a payment; null when nothing is. A closure rests on a statement
 * of the payee whose floor has passed the payment's last moment of acceptance, and whose log, complete
 * down to its start, has no receipt of it (rule 2, TS-SYN-7).
 */
export function closureFault(
  { wire }: DecisionRow,
  { id, acceptBy, payer, payee }: PaymentFindings,
  { certificates }: Books,
  logs: LogFindings,
): string | null {
  const read = attempt(() => readClosure(wire));
  if (!read.ok || toHex(read.value.message.paymentId) !== id) {
    return 'its bytes are of something else';
  }
  const { signed, message } = read.value;
  const signer = certificates.get(toHex(signed.kid));
  if (signer?.participant !== payer.participant) return 'another issuer than its payer’s signed it';
  const statement = logs.statement(payee?.purse ?? '', toHex(message.statementId));
  if (statement === undefined) return 'its statement is not known';
  if (statement.floor <= acceptBy) return 'its statement came too early';
  if (!statement.isComplete) return 'its statement’s log has a hole';
  return statement.received.has(id) ? 'its statement’s log has a receipt' : null;
}

/** Rejects: decoding codes. */
export function readClosure(wire: DecisionRow['wire']): {
  readonly signed: Signed;
  readonly message: Closure;
} {
  const signed = decodeSigned(wire);
  return { signed, message: decodePayload(signed.payload, closure, 'closure') };
}
