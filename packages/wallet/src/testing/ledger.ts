import {
  acceptBy,
  type Bytes,
  decodeEntry,
  decodeRecord,
  decodeSigned,
  demand,
  equal,
  GENESIS,
  headAfter,
  type LogEntry,
  type LogRecord,
  type Payment,
  payment as paymentCodec,
  decodePayload,
  decodePaymentEvidence,
  RECORD,
  recordId,
  type Seconds,
  toHex,
} from '@tallystick/protocol';

interface OwnPayment {
  readonly id: Bytes;
  readonly payee: string;
  readonly amount: bigint;
  readonly acceptBy: Seconds;
}

/** One purse as the test backend knows it, under all its certificates. */
export class Account {
  readonly payments: Map<string, OwnPayment> = new Map();
  readonly restored: Set<string> = new Set();
  readonly heads: Map<number, Bytes> = new Map([[0, GENESIS]]);
  /** Loads that neither arrived nor went back yet, by id. */
  readonly loading: Map<string, { readonly amount: bigint; readonly acceptBy: Seconds }> =
    new Map();
  balance = 0n;
  seq = 0;
  epoch = 0;
  loads = 0;
  lastStatement: { readonly id: Bytes; readonly floor: Seconds } | null = null;
}

/**
 * The books behind the test backend: every log is read in order, along its chain of heads, and each
 * record is booked once. It has no database and no liability rules, but what it signs is true.
 */
export class Ledger {
  /** What the issuers hold for all offline money, in minor units. */
  reserve = 0n;
  readonly accepted: Set<string> = new Set();
  readonly #accounts: Map<string, Account> = new Map();
  readonly #issuers: ReadonlySet<string>;

  constructor(issuers: readonly Bytes[]) {
    this.#issuers = new Set(issuers.map(toHex));
  }

  open(ref: Bytes, account: Account = new Account()): void {
    this.#accounts.set(toHex(ref), account);
  }

  account(ref: Bytes): Account {
    const account = this.#accounts.get(toHex(ref));
    demand(account !== undefined, 'UNKNOWN_CERTIFICATE', toHex(ref));
    return account;
  }

  /** Books what is new in an upload whose statement's signature was checked. */
  book(account: Account, entries: readonly Bytes[], statement: Bytes): void {
    for (const entry of entries.map(decodeEntry)) this.#bookEntry(account, entry);
    const signed = decodeSigned(statement);
    const record = decodeRecord(signed.payload);
    demand(record.kind === RECORD.statement, 'WRONG_KIND', 'not a statement');
    demand(record.seq <= account.seq, 'MISSING_FIELD', 'the log does not reach the statement');
    demand(record.balance === account.balance, 'WRONG_AMOUNT', `${record.balance} is stated`);
    account.lastStatement = { id: recordId(signed), floor: record.floor };
    this.#returnLoads(account, record.floor);
  }

  /** Notes a load that the issuer has signed. */
  load(account: Account, id: Bytes, amount: bigint, until: Seconds): void {
    this.reserve += amount;
    account.loads += 1;
    account.loading.set(toHex(id), { amount, acceptBy: until });
  }

  /** What had to be accepted by now and was not goes back to the account it came from. */
  #returnLoads(account: Account, floor: Seconds): void {
    for (const [id, { amount, acceptBy: until }] of account.loading) {
      if (until >= floor) continue;
      account.loading.delete(id);
      this.reserve -= amount;
    }
  }

  /** Own payments that somebody has accepted. */
  settled(account: Account): readonly Bytes[] {
    return [...account.payments.values()]
      .filter(({ id }) => this.accepted.has(toHex(id)))
      .map(({ id }) => id);
  }

  /** Own payments that can never be accepted any more: the payee's word says so (TS-SYN-7). */
  closed(account: Account): readonly { readonly paymentId: Bytes; readonly statementId: Bytes }[] {
    return [...account.payments.values()].flatMap((each) => {
      const known = this.accepted.has(toHex(each.id)) || account.restored.has(toHex(each.id));
      const statement = this.#accounts.get(each.payee)?.lastStatement;
      if (known || statement == null || statement.floor <= each.acceptBy) return [];
      return [{ paymentId: each.id, statementId: statement.id }];
    });
  }

  #bookEntry(account: Account, entry: LogEntry): void {
    const record = decodeRecord(entry.record.payload);
    const before = account.heads.get(record.seq - 1);
    demand(before !== undefined, 'MISSING_FIELD', `entry ${record.seq - 1}`);
    demand(equal(before, record.head), 'BAD_FIELD', `entry ${record.seq} breaks the chain`);
    if (record.seq <= account.seq) return;
    account.heads.set(record.seq, headAfter(before, entry));
    account.seq = record.seq;
    this.#apply(account, record, entry);
  }

  #apply(account: Account, record: LogRecord, entry: LogEntry): void {
    switch (record.kind) {
      case RECORD.payment:
        this.#spend(account, record, recordId(entry.record));
        break;
      case RECORD.receipt:
        account.balance += amountOf(entry);
        account.loading.delete(toHex(record.paymentId));
        this.accepted.add(toHex(record.paymentId));
        break;
      case RECORD.restore:
        account.restored.add(toHex(record.paymentId));
        account.balance += account.payments.get(toHex(record.paymentId))?.amount ?? 0n;
        break;
      default:
    }
  }

  #spend(account: Account, payment: Payment, id: Bytes): void {
    const { amount } = payment.value;
    const payee = toHex(payment.payee);
    account.balance -= amount;
    account.payments.set(toHex(id), { id, payee, amount, acceptBy: acceptBy(payment) });
    if (!this.#issuers.has(payee)) return;
    this.reserve -= amount;
    this.accepted.add(toHex(id));
  }
}

/** Amount of the payment that a receipt stands on. */
function amountOf(entry: LogEntry): bigint {
  const evidence = decodePaymentEvidence(entry.evidence ?? new Uint8Array(0));
  const signed = decodeSigned(evidence.payment, evidence.requestDigest);
  return decodePayload(signed.payload, paymentCodec, 'payment').value.amount;
}
