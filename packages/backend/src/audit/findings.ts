import {
  acceptBy,
  attempt,
  decodePayload,
  decodeSigned,
  type Payment,
  payment,
  RECORD,
  recordId,
  toHex,
} from '@tallystick/protocol';
import type { CertificateRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { Evidence } from './evidence.ts';
import { readRefunds } from './lost.ts';

/** One payment, and everything that authentic records and decisions say about it. */
export interface PaymentFindings {
  readonly id: string;
  readonly payment: Payment;
  readonly acceptBy: number;
  readonly payer: CertificateRow;
  /** Unknown where it names no certificate of the scheme. */
  readonly payee: CertificateRow | undefined;
  /** In the payer's own log. */
  inLog: boolean;
  /** Decided by the issuer in this purse's shard, for a load. */
  loadedIn: string | null;
  /** Lowest list version of a receipt, by the purse that signed it. */
  readonly receipts: Map<string, number>;
  /** Purses whose void of it is known. */
  readonly voids: Set<string>;
  closed: boolean;
  restored: boolean;
  /** The payer restored it on the strength of a void. */
  restoredByVoid: boolean;
  paidOut: boolean;
  /** A refund of its payer's purse, or of the loaded one, has taken its money back. */
  takenBack: boolean;
}

/** Gathers the payments from facts and decisions, in no particular order. */
export function findPayments(books: Books, evidence: Evidence): Map<string, PaymentFindings> {
  const found = new Map<string, PaymentFindings>();
  gatherPayments(books, evidence, found);
  for (const each of evidence.facts) {
    const { record, fact } = each;
    if (record.kind === RECORD.receipt) {
      const { receipts } = of(found, record.paymentId);
      const version = Math.min(record.listVersion, receipts.get(fact.purse) ?? record.listVersion);
      receipts.set(fact.purse, version);
    } else if (record.kind === RECORD.void) {
      of(found, record.paymentId).voids.add(fact.purse);
    } else if (record.kind === RECORD.restore) {
      const payment = of(found, record.paymentId);
      payment.restored = true;
      if (evidence.carried.get(each)?.kind === 'void') {
        payment.restoredByVoid = true;
        if (payment.payee?.purse != null) payment.voids.add(payment.payee.purse);
      }
    }
  }
  for (const { kind, cause } of books.decisions) {
    const payment = found.get(cause);
    if (payment === undefined) continue;
    if (kind === 'closure') payment.closed = true;
    if (kind === 'payout') payment.paidOut = true;
  }
  for (const { payments } of readRefunds(books)) {
    for (const id of payments) {
      const payment = found.get(id);
      if (payment !== undefined) payment.takenBack = true;
    }
  }
  return found;
}

function of(found: ReadonlyMap<string, PaymentFindings>, id: Uint8Array): PaymentFindings {
  const payment = found.get(toHex(id));
  if (payment === undefined) throw new Error(`evidence named a payment that it did not bring`);
  return payment;
}

function gatherPayments(
  { certificates, decisions }: Books,
  { facts, carried }: Evidence,
  found: Map<string, PaymentFindings>,
): void {
  const add = (id: string, kid: string, message: Payment): PaymentFindings | null => {
    const known = found.get(id);
    const payer = certificates.get(kid);
    if (known !== undefined || payer === undefined) return known ?? null;
    const payee = certificates.get(toHex(message.payee));
    const made = newFindings(id, message, payer, payee);
    found.set(id, made);
    return made;
  };
  for (const { record, fact, id } of facts) {
    if (record.kind !== RECORD.payment) continue;
    const payment = add(id, fact.kid, record);
    if (payment !== null && fact.salt !== null) payment.inLog = true;
  }
  for (const { signed, payment: id, message } of carried.values()) {
    if (message !== null) add(id, toHex(signed.kid), message);
  }
  for (const { kind, purse, wire, external } of decisions) {
    if (kind !== 'load') continue;
    const read = attempt(() => {
      const signed = decodeSigned(wire, external);
      return { signed, message: decodePayload(signed.payload, payment, 'payment') };
    });
    if (!read.ok) continue;
    const { signed, message } = read.value;
    const load = add(toHex(recordId(signed)), toHex(signed.kid), message);
    if (load !== null) load.loadedIn = purse;
  }
}

function newFindings(
  id: string,
  message: Payment,
  payer: CertificateRow,
  payee: CertificateRow | undefined,
): PaymentFindings {
  return {
    id,
    payment: message,
    acceptBy: acceptBy(message),
    payer,
    payee,
    inLog: false,
    loadedIn: null,
    receipts: new Map(),
    voids: new Set(),
    closed: false,
    restored: false,
    restoredByVoid: false,
    paidOut: false,
    takenBack: false,
  };
}
