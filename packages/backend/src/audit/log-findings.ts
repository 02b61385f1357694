import { attempt, RECORD, toHex } from '@tallystick/protocol';
import type { DecisionRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import { renewalName } from './certificates.ts';
import { readClosure } from './closures.ts';
import type { Evidence } from './evidence.ts';
import { readRefunds } from './lost.ts';
import type { Logs } from './logs.ts';
import type { ReadFact } from './records.ts';

/** A statement that a decision names, and what its log says. */
export interface Statement {
  readonly floor: number;
  /** Nothing is missing below it. */
  readonly isComplete: boolean;
  /** Payments that it was named for and that its log has a receipt of. */
  readonly received: ReadonlySet<string>;
}

/** What the logs of all purses say beside payments, as far as facts have been heard. */
export class LogFindings {
  /** Positions of the renewals that name a key, by the key's {@link renewalName}. */
  readonly renewals: Map<string, Set<number>> = new Map();
  /** Purses with two contents at one position. */
  readonly forked: Set<string> = new Set();
  /** Purses whose row names, for closures, a statement of a log without a hole. */
  readonly closing: Set<string> = new Set();
  /** Purses with an entry where their row says that their log is proven to, and no hole below it. */
  readonly proven: Set<string> = new Set();
  readonly #statements = new Map<string, Statement>();
  readonly #purses: Books['purses'];
  /** Payments that a statement is named for, by its id; none for a refund. */
  readonly #named: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(books: Books) {
    this.#purses = books.purses;
    this.#named = namedStatements(books);
    for (const { id, closing, provenSeq } of books.purses.values()) {
      if (closing === null) this.closing.add(id);
      if (provenSeq === 0) this.proven.add(id);
    }
  }

  /** A statement of a purse that some decision names; undefined where it is not known. */
  statement(purse: string, id: string): Statement | undefined {
    return this.#statements.get(`${purse} ${id}`);
  }

  /** Hears the facts of some purses, all that there are of each. */
  hear({ facts, logs }: Evidence): void {
    const seen = new Map<string, string>();
    for (const each of facts) {
      const { fact, record, id } = each;
      const place = `${fact.purse} ${fact.seq}`;
      if ((seen.get(place) ?? id) !== id) this.forked.add(fact.purse);
      seen.set(place, id);
      if (record.kind === RECORD.renewal) {
        const name = renewalName(fact.purse, record);
        this.renewals.set(name, (this.renewals.get(name) ?? new Set()).add(record.seq));
      }
      this.#compareRow(each, logs);
    }
    this.#hearStatements(facts, logs);
  }

  #compareRow(each: ReadFact, logs: Logs): void {
    const { fact, record, id } = each;
    const row = this.#purses.get(fact.purse);
    if (row === undefined) return;
    const isClosing =
      record.kind === RECORD.statement &&
      row.closing?.id === id &&
      row.closing.seq === record.seq &&
      row.closing.floor === record.floor;
    if (isClosing && logs.isComplete(each)) this.closing.add(row.id);
    const isThere = fact.salt !== null && record.seq === row.provenSeq;
    if (isThere && logs.isComplete(each)) this.proven.add(row.id);
  }

  #hearStatements(facts: readonly ReadFact[], logs: Logs): void {
    const statements = facts.filter(({ id }) => this.#named.has(id));
    if (statements.length === 0) return;
    const receipts = Map.groupBy(
      facts.filter(({ record }) => record.kind === RECORD.receipt),
      ({ fact, record }) =>
        'paymentId' in record ? `${fact.purse} ${toHex(record.paymentId)}` : '',
    );
    for (const each of statements) {
      const { fact, record, id } = each;
      if (record.kind !== RECORD.statement) continue;
      const received = [...(this.#named.get(id) ?? [])].filter((payment) =>
        receipts.get(`${fact.purse} ${payment}`)?.some((receipt) => logs.isUnder(each, receipt)),
      );
      this.#statements.set(`${fact.purse} ${id}`, {
        floor: record.floor,
        isComplete: logs.isComplete(each),
        received: new Set(received),
      });
    }
  }
}

/** Statements that closures and refunds name. */
function namedStatements(books: Books): Map<string, Set<string>> {
  const named = new Map<string, Set<string>>();
  const add = (statement: Uint8Array): Set<string> => {
    const id = toHex(statement);
    const payments = named.get(id) ?? new Set();
    named.set(id, payments);
    return payments;
  };
  for (const { wire } of books.decisions.filter(isClosure)) {
    const read = attempt(() => readClosure(wire).message);
    if (read.ok) add(read.value.statementId).add(toHex(read.value.paymentId));
  }
  for (const { refund } of readRefunds(books)) if (refund.statement !== null) add(refund.statement);
  return named;
}

function isClosure({ kind }: DecisionRow): boolean {
  return kind === 'closure';
}
