import {
  attempt,
  type Closure,
  closure,
  decodePayload,
  decodeSigned,
  RECORD,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import type { DecisionRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { Evidence } from './evidence.ts';
import type { PaymentFindings } from './findings.ts';
import type { ReadFact } from './records.ts';

/** Says what is wrong with a closure of a payment; null when nothing is. */
export type JudgeClosure = (decision: DecisionRow, found: PaymentFindings) => string | null;

/**
 * A closure rests on a statement of the payee whose floor has passed the payment's last moment of
 * acceptance, and whose log, complete down to its start, has no receipt of it (rule 2, TS-SYN-7).
 */
export function closureJudge(books: Books, { facts, logs }: Evidence): JudgeClosure {
  const closed = new Set(
    books.decisions.filter(({ kind }) => kind === 'closure').map(({ cause }) => cause),
  );
  const { statements, receipts } = groundsOf(facts, closed);
  return ({ wire }, { id, acceptBy, payer, payee }) => {
    const read = attempt(() => readClosure(wire));
    if (!read.ok || toHex(read.value.message.paymentId) !== id) {
      return 'its bytes are of something else';
    }
    const { signed, message } = read.value;
    const signer = books.certificates.get(toHex(signed.kid));
    if (signer?.participant !== payer.participant)
      return 'another issuer than its payer’s signed it';
    const purse = payee?.purse ?? '';
    const statement = statements.get(`${purse} ${toHex(message.statementId)}`);
    if (statement?.record.kind !== RECORD.statement) return 'its statement is not known';
    if (statement.record.floor <= acceptBy) return 'its statement came too early';
    if (!logs.isComplete(statement)) return 'its statement’s log has a hole';
    const isThere = receipts
      .get(`${purse} ${id}`)
      ?.some((receipt) => logs.isUnder(statement, receipt));
    return isThere === true ? 'its statement’s log has a receipt' : null;
  };
}

function readClosure(wire: DecisionRow['wire']): {
  readonly signed: Signed;
  readonly message: Closure;
} {
  const signed = decodeSigned(wire);
  return { signed, message: decodePayload(signed.payload, closure, 'closure') };
}

/** Statements, and receipts of closed payments, both by purse and id. */
function groundsOf(
  facts: readonly ReadFact[],
  closed: ReadonlySet<string>,
): {
  readonly statements: ReadonlyMap<string, ReadFact>;
  readonly receipts: ReadonlyMap<string, readonly ReadFact[]>;
} {
  const statements = new Map<string, ReadFact>();
  const receipts = new Map<string, ReadFact[]>();
  if (closed.size === 0) return { statements, receipts };
  for (const each of facts) {
    const { record, fact, id } = each;
    if (record.kind === RECORD.statement) statements.set(`${fact.purse} ${id}`, each);
    if (record.kind !== RECORD.receipt) continue;
    const payment = toHex(record.paymentId);
    if (!closed.has(payment)) continue;
    const name = `${fact.purse} ${payment}`;
    const there = receipts.get(name);
    if (there === undefined) receipts.set(name, [each]);
    else there.push(each);
  }
  return { statements, receipts };
}
