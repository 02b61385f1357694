import type { CarriedPayment, Letter, Message } from '../store/messages.ts';
import type { Changes, Snapshot, Transaction } from '../store/port.ts';
import type {
  CertificateRef,
  CertificateRow,
  DecisionRow,
  FactPlace,
  FactRow,
  Head,
  PayeeHalf,
  PayerHalf,
  PostingRow,
  PurseRow,
  RecordId,
} from '../store/rows.ts';
import { payerPostings, settleCredit } from './postings.ts';

/** Writable halves of {@link Changes}. */
type Lists = { -readonly [K in keyof Changes]-?: Exclude<Changes[K], undefined>[number][] };

/**
 * One shard's unit of work: what was read of it, and what is to be written. Changing a half also
 * posts what follows from it and tells whom it concerns, so that no caller can forget either.
 */
export class Work {
  purse: PurseRow;
  readonly certificates: readonly CertificateRow[];
  readonly ownRefs: ReadonlySet<CertificateRef>;
  readonly payerHalves: Map<RecordId, PayerHalf> = new Map();
  readonly payeeHalves: Map<RecordId, PayeeHalf> = new Map();
  /** Positions by head, and ids by position, of the facts that were read or added. */
  readonly heads: Map<Head, number> = new Map();
  readonly idsAt: Map<number, Set<RecordId>> = new Map();
  /** Ids of those that are signed alone. */
  readonly signed: Set<RecordId> = new Set();
  /** Whether the purse's log has a hole: null while nobody has looked. */
  gapless: boolean | null = null;
  #waiting: readonly PayerHalf[] | null = null;
  readonly #before: PurseRow;
  readonly #factKeys = new Set<string>();
  readonly #touchedPayer = new Set<RecordId>();
  readonly #touchedPayee = new Set<RecordId>();
  readonly #out: Pick<
    Lists,
    | 'facts'
    | 'claims'
    | 'claimsGone'
    | 'gaps'
    | 'gapsGone'
    | 'postings'
    | 'decisions'
    | 'answers'
    | 'proofs'
    | 'letters'
  > = {
    facts: [],
    claims: [],
    claimsGone: [],
    gaps: [],
    gapsGone: [],
    postings: [],
    decisions: [],
    answers: [],
    proofs: [],
    letters: [],
  };

  constructor(purse: PurseRow, certificates: readonly CertificateRow[]) {
    this.purse = purse;
    this.#before = purse;
    this.certificates = certificates;
    this.ownRefs = new Set(certificates.map(({ ref }) => ref));
  }

  get newFacts(): readonly FactRow[] {
    return this.#out.facts;
  }

  get postings(): readonly PostingRow[] {
    return this.#out.postings;
  }

  /** Payer halves that waited before this work, read once. */
  async waiting(tx: Pick<Transaction, 'waitingPayerHalves'>): Promise<readonly PayerHalf[]> {
    return (this.#waiting ??= await tx.waitingPayerHalves(this.purse.id));
  }

  /** Takes in what was read of this shard; what this work has changed already stays as it is. */
  learn(snapshot: Partial<Snapshot>): void {
    for (const place of snapshot.places ?? []) this.#index(place);
    for (const half of snapshot.payerHalves ?? []) addNew(this.payerHalves, half);
    for (const half of snapshot.payeeHalves ?? []) addNew(this.payeeHalves, half);
  }

  /** Adds a fact unless it is known. The facts at its position must have been read. */
  addFact(fact: FactRow): void {
    if (this.#factKeys.has(fact.key)) return;
    const { key, id, seq, salt, signature } = fact;
    this.#index({ key, id, seq, isEntry: salt !== null, isSigned: signature !== null });
    this.#out.facts.push(fact);
  }

  #index({ key, id, seq, isEntry, isSigned }: FactPlace): void {
    this.#factKeys.add(key);
    if (isEntry) this.heads.set(key, seq);
    if (isSigned) this.signed.add(id);
    const ids = this.idsAt.get(seq) ?? new Set();
    this.idsAt.set(seq, ids.add(id));
  }

  /** Puts a payer's half in place. `carried` goes to the payee when it has to be told. */
  putPayer(wanted: PayerHalf, carried: CarriedPayment | null): void {
    const before = this.payerHalves.get(wanted.payment) ?? null;
    const isSettled = wanted.accepted || wanted.unload === 'paid';
    const settledEpoch = wanted.settledEpoch ?? (isSettled ? this.purse.epoch : null);
    const after = { ...wanted, settledEpoch };
    this.payerHalves.set(after.payment, after);
    this.#touchedPayer.add(after.payment);
    this.post(...payerPostings(this.purse, before, after));
    this.#expose(before, after);
    const { payment, payeePurse } = after;
    if (payeePurse === null) return;
    const isNewInLog = after.inLog && before?.inLog !== true;
    // A payee that has answered already needs no telling.
    if (isNewInLog && !after.accepted && !after.voided && carried !== null) {
      this.send(payeePurse, { kind: 'expected', payment, carried });
    }
    if (before === null && this.purse.revokedAt !== null) {
      this.sendRevoked(payeePurse, payment, this.purse.revokedAt);
    }
  }

  sendRevoked(payee: string, payment: RecordId, version: number): void {
    this.send(payee, { kind: 'revoked', payment, version });
  }

  /** Payments that only payees know count as exposed until the payer's own log shows them. */
  #expose(before: PayerHalf | null, after: PayerHalf): void {
    if (after.currency !== this.purse.currency) return;
    const hidden = (half: PayerHalf | null): bigint =>
      half === null || half.inLog ? 0n : half.amount;
    const change = hidden(after) - hidden(before);
    if (change !== 0n) this.purse = { ...this.purse, exposed: this.purse.exposed + change };
  }

  /** Puts a payee's half in place. `carried` goes to the payer where its shard may lack the payment. */
  putPayee(wanted: PayeeHalf, carried: CarriedPayment | null): void {
    const before = this.payeeHalves.get(wanted.payment) ?? null;
    const { half: after, postings } = settleCredit(this.purse, wanted);
    this.payeeHalves.set(after.payment, after);
    this.#touchedPayee.add(after.payment);
    this.post(...postings);
    if (after.payerPurse === null || !isNews(before, after)) return;
    const { payment, addressed } = after;
    // Whoever it was not meant for shows that it exists, and answers nothing.
    const accepted = addressed && after.receiptVersion !== null;
    const voided = addressed && after.voided;
    this.send(after.payerPurse, { kind: 'answered', payment, carried, accepted, voided });
  }

  post(...postings: readonly PostingRow[]): void {
    this.#out.postings.push(...postings);
  }

  send(to: string, message: Message): void {
    const letter: Letter = { from: this.purse.id, to, message };
    this.#out.letters.push(letter);
  }

  decide(decision: DecisionRow): void {
    this.#out.decisions.push(decision);
  }

  /** Adds rows that nothing follows from. */
  add<K extends 'claims' | 'claimsGone' | 'gaps' | 'gapsGone' | 'answers' | 'proofs'>(
    list: K,
    ...rows: Lists[K]
  ): void {
    (this.#out[list] as Lists[K][number][]).push(...rows);
  }

  changes(): Changes {
    return {
      ...this.#out,
      purses: this.purse === this.#before ? [] : [this.purse],
      payerHalves: [...this.#touchedPayer].map((id) => present(this.payerHalves.get(id), id)),
      payeeHalves: [...this.#touchedPayee].map((id) => present(this.payeeHalves.get(id), id)),
    };
  }
}

/** Whether the payee's log shows a receipt or a void that it did not show before. */
function isNews(before: PayeeHalf | null, after: PayeeHalf): boolean {
  const isReceived = after.receiptVersion !== null && (before?.receiptVersion ?? null) === null;
  return isReceived || (after.voided && before?.voided !== true);
}

function addNew<T extends { readonly payment: RecordId }>(to: Map<RecordId, T>, half: T): void {
  if (!to.has(half.payment)) to.set(half.payment, half);
}

function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} was touched but is not there`);
  return value;
}
