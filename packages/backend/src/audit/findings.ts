import {
  acceptBy,
  attempt,
  type Bytes,
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
import { readRefunds } from './lost.ts';
import type { Carried, ReadFact } from './records.ts';

/**
 * One payment, and everything that authentic records and decisions say about it. All payments are held
 * at once: a field here is paid for a million times.
 */
export interface PaymentFindings {
  readonly id: string;
  readonly seq: number;
  readonly currency: number;
  /** Minor units. */
  readonly amount: bigint;
  readonly hop: number;
  readonly acceptBy: number;
  readonly payer: CertificateRow;
  /** Reference of the certificate that it names as its payee's. */
  readonly payeeRef: string;
  /** Unknown where it names no certificate of the scheme. */
  readonly payee: CertificateRow | undefined;
  /** A fact of its payer's own shard. */
  isHome: boolean;
  /** In the payer's own log. */
  inLog: boolean;
  /** Decided by the issuer in this purse's shard, on this head of its loads; null for other payments. */
  load: { readonly purse: string; readonly head: Bytes } | null;
  /** Lowest list version of a receipt, by the purse that signed it. */
  receipts: Map<string, number>;
  /** Purses whose void of it is known. */
  voids: Set<string>;
  closed: boolean;
  restored: boolean;
  /** The payer restored it on the strength of a void. */
  restoredByVoid: boolean;
  paidOut: boolean;
  /** A refund of its payer's purse, or of the loaded one, has taken its money back. */
  takenBack: boolean;
}

/** Shared by all payments that have none: never added to. */
const NO_RECEIPTS = new Map<string, number>();
const NO_VOIDS = new Set<string>();

function addReceipt(found: PaymentFindings, purse: string, version: number): void {
  if (found.receipts === NO_RECEIPTS) found.receipts = new Map();
  found.receipts.set(purse, Math.min(version, found.receipts.get(purse) ?? version));
}

function addVoid(found: PaymentFindings, purse: string): void {
  if (found.voids === NO_VOIDS) found.voids = new Set();
  found.voids.add(purse);
}

/** All payments, as far as facts have been heard. What is said of one may come in any order. */
export class Findings {
  readonly #certificates: Books['certificates'];
  readonly #found = new Map<string, PaymentFindings>();

  /** Begins with the payments that the issuer made: loads. */
  constructor({ certificates, decisions }: Books) {
    this.#certificates = certificates;
    for (const { kind, purse, wire, external } of decisions) {
      if (kind !== 'load') continue;
      const read = attempt(() => {
        const signed = decodeSigned(wire, external);
        return { signed, message: decodePayload(signed.payload, payment, 'payment') };
      });
      if (!read.ok) continue;
      const { signed, message } = read.value;
      const load = this.#add(toHex(recordId(signed)), toHex(signed.kid), message);
      if (load !== null) load.load = { purse, head: message.head };
    }
  }

  get payments(): ReadonlyMap<string, PaymentFindings> {
    return this.#found;
  }

  /** Whether a payment that evidence of this purse names is authentic without that evidence. */
  isKnown(payment: string, purse: string): boolean {
    const found = this.#found.get(payment);
    return found !== undefined && (found.isHome || found.load?.purse === purse);
  }

  /** Hears a payment from its payer's own shard. */
  pay({ fact, record, id }: ReadFact): void {
    if (record.kind !== RECORD.payment) return;
    const found = this.#add(id, fact.kid, record);
    if (found === null) return;
    found.isHome = true;
    if (fact.salt !== null) found.inLog = true;
  }

  /** Hears a receipt, void or restore, with what it carries. */
  answer({ fact, record }: ReadFact, { signed, kind, payment: id, message }: Carried): void {
    if (message !== null) this.#add(id, toHex(signed.kid), message);
    const found = this.#found.get(id);
    if (found === undefined) return;
    if (record.kind === RECORD.receipt) addReceipt(found, fact.purse, record.listVersion);
    else if (record.kind === RECORD.void) addVoid(found, fact.purse);
    else {
      found.restored = true;
      if (kind !== 'void') return;
      found.restoredByVoid = true;
      const payee = found.payee?.purse ?? null;
      if (payee !== null) addVoid(found, payee);
    }
  }

  /** Hears, when all facts have been heard, what the issuer decided about them. */
  decide(books: Books): void {
    for (const { kind, cause } of books.decisions) {
      const found = this.#found.get(cause);
      if (found === undefined) continue;
      if (kind === 'closure') found.closed = true;
      if (kind === 'payout') found.paidOut = true;
    }
    for (const { payments } of readRefunds(books)) {
      for (const id of payments) {
        const found = this.#found.get(id);
        if (found !== undefined) found.takenBack = true;
      }
    }
  }

  /** A payment by its id; null where nobody of the scheme could have signed it. */
  #add(id: string, kid: string, message: Payment): PaymentFindings | null {
    const known = this.#found.get(id);
    const payer = this.#certificates.get(kid);
    if (known !== undefined || payer === undefined) return known ?? null;
    const ref = toHex(message.payee);
    const payee = this.#certificates.get(ref);
    const { currency, amount, hop } = message.value;
    const found: PaymentFindings = {
      id,
      seq: message.seq,
      currency,
      amount,
      hop,
      acceptBy: acceptBy(message),
      payer,
      payeeRef: payee?.ref ?? ref,
      payee,
      isHome: false,
      inLog: false,
      load: null,
      receipts: NO_RECEIPTS,
      voids: NO_VOIDS,
      closed: false,
      restored: false,
      restoredByVoid: false,
      paidOut: false,
      takenBack: false,
    };
    this.#found.set(id, found);
    return found;
  }
}
