import type { Bytes, Currency, Revocation, Seconds } from '@tallystick/protocol';
import type { Letter, Parcel } from './messages.ts';
import type {
  AnswerRow,
  BalanceRow,
  CertificateRef,
  CertificateRow,
  ClaimRow,
  DecisionKind,
  DecisionRow,
  FactPlace,
  FactRow,
  GapRow,
  ListRow,
  PayeeHalf,
  PayerHalf,
  PostingRow,
  ProofRow,
  PurseId,
  PurseRow,
  RecordId,
} from './rows.ts';

/**
 * Where the backend keeps everything. Two implementations, memory and PostgreSQL, pass one suite.
 * A transaction locks the rows of the purses it names and sees and writes only their shards; what
 * is read across shards (certificates, lists, another purse's facts) never changes once written.
 */
export interface Store extends View {
  /** Runs `work` in one transaction that holds the named purses; rolled back when it throws. */
  transaction<T>(purses: readonly PurseId[], work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One transaction on the list of revoked certificates; one runs at a time. */
  listing<T>(work: (tx: ListTransaction) => Promise<T>): Promise<T>;
  /** One transaction on documents, for what is not the ledger's; one runs at a time per `lock`. */
  exclusive<T>(lock: string, work: (documents: Documents) => Promise<T>): Promise<T>;

  /** Reads many things as they were at one moment, however much is written meanwhile. */
  view<T>(work: (view: View) => Promise<T>): Promise<T>;
  /** Keeps of each parcel the letters that are not delivered yet; nothing of it when there are none. */
  acknowledge(parcels: readonly Parcel[]): Promise<void>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** What can be read without holding a purse. */
export interface View {
  /** Certificates by reference, those that exist. */
  certificates(refs: readonly CertificateRef[]): Promise<readonly CertificateRow[]>;
  /** Every certificate of these purses, in order of `fromSeq`. */
  certificatesOf(purses: readonly PurseId[]): Promise<readonly CertificateRow[]>;
  /** Released answers, those that exist. */
  answers(
    to: readonly { readonly purse: PurseId; readonly statement: RecordId }[],
  ): Promise<readonly AnswerRow[]>;
  /** The newest list; null before the first. */
  latestList(): Promise<ListRow | null>;
  /** Lists by version, those that exist, ascending. */
  lists(versions: readonly number[]): Promise<readonly ListRow[]>;
  /**
   * What lists after `version` revoke, at most `limit`: the newest list's first, in one list those that
   * a fork proof convicts, then by index.
   */
  revokedSince(version: number, limit: number): Promise<readonly Revocation[]>;
  /**
   * The first undelivered parcel, of those beyond the position `after` if it is given, and the parcels
   * that follow while they all hold at most `limit` letters.
   */
  outbox(limit: number, after?: bigint): Promise<readonly Parcel[]>;
  readonly reports: Reports;
}

/** What a transaction may ask for. Absent lists are not read. */
export interface Query {
  /** Where the facts at these positions lie, whatever they are. */
  readonly positions?: readonly number[];
  readonly claims?: boolean;
  readonly gaps?: boolean;
  readonly payerHalves?: readonly RecordId[];
  readonly payeeHalves?: readonly RecordId[];
  readonly decisions?: readonly { readonly kind: DecisionKind; readonly cause: string }[];
  /** Loads that answer the requests with these digests. */
  readonly loadsFor?: readonly string[];
}

export interface Snapshot {
  readonly places: readonly FactPlace[];
  readonly claims: readonly ClaimRow[];
  readonly gaps: readonly GapRow[];
  readonly payerHalves: readonly PayerHalf[];
  readonly payeeHalves: readonly PayeeHalf[];
  readonly decisions: readonly DecisionRow[];
}

/**
 * Rows to write. Facts, postings, decisions, answers and proofs are added, never changed; whether a
 * fact is there already, or a posting made, is known to the rules from what they have read.
 */
export interface Changes {
  readonly purses?: readonly PurseRow[];
  readonly certificates?: readonly CertificateRow[];
  readonly facts?: readonly FactRow[];
  readonly claims?: readonly ClaimRow[];
  readonly claimsGone?: readonly Pick<ClaimRow, 'purse' | 'key'>[];
  readonly gaps?: readonly GapRow[];
  readonly gapsGone?: readonly Pick<GapRow, 'purse' | 'head'>[];
  readonly payerHalves?: readonly PayerHalf[];
  readonly payeeHalves?: readonly PayeeHalf[];
  /** Balances follow from them in the same write. */
  readonly postings?: readonly PostingRow[];
  readonly decisions?: readonly DecisionRow[];
  readonly answers?: readonly AnswerRow[];
  readonly proofs?: readonly ProofRow[];
  readonly letters?: readonly Letter[];
}

/** Reads come first: reading after a write is a programmer error. */
export interface Transaction {
  /** As {@link View.certificates}; within a transaction, reading elsewhere could wait for itself. */
  certificates(refs: readonly CertificateRef[]): Promise<readonly CertificateRow[]>;
  /** The locked purse; null when there is none of that id. */
  purse(id: PurseId): Promise<PurseRow | null>;
  read(purse: PurseId, query: Query): Promise<Snapshot>;
  /** Facts of the purse from a position on, in order of position. */
  factsFrom(purse: PurseId, seq: number): Promise<readonly FactRow[]>;
  /** Payer halves that are closed and not restored yet, or whose unload is not paid. */
  waitingPayerHalves(purse: PurseId): Promise<readonly PayerHalf[]>;
  /**
   * Payments of the purse that settled at this epoch or later, and perhaps some others, in the order in
   * which they did: what settles later comes after them.
   */
  settledSince(purse: PurseId, epoch: number): Promise<readonly RecordId[]>;
  /** Every payer half of the purse. */
  allPayerHalves(purse: PurseId): Promise<readonly PayerHalf[]>;
  /** Payee halves with neither receipt nor closure whose `acceptBy` lies before `floor`. */
  lapsedPayeeHalves(purse: PurseId, floor: Seconds): Promise<readonly PayeeHalf[]>;
  balances(purse: PurseId): Promise<readonly BalanceRow[]>;
  answer(purse: PurseId, statement: RecordId): Promise<AnswerRow | null>;
  /** Payments among these that their payers' shards hold as authentic: never taken back. */
  proven(
    of: readonly { readonly purse: PurseId; readonly id: RecordId }[],
  ): Promise<ReadonlySet<RecordId>>;
  /** Revocations of these certificates, whichever shard they are of. */
  revocations(refs: readonly CertificateRef[]): Promise<ReadonlyMap<CertificateRef, number>>;
  /** Writes the changes of several purses at once. */
  write(...changes: readonly Changes[]): Promise<void>;
}

export interface ListTransaction {
  certificatesOf(purses: readonly PurseId[]): Promise<readonly CertificateRow[]>;
  latest(): Promise<ListRow | null>;
  /** Adds the list, its revocations (one decision a certificate), and messages, together. */
  publish(
    list: ListRow,
    revocations: readonly DecisionRow[],
    letters: readonly Letter[],
  ): Promise<void>;
}

/** Small named values outside the ledger: keys, policies, challenges, the rail's own books. */
export interface Documents {
  get(key: string): Promise<Bytes | null>;
  put(key: string, value: Bytes): Promise<void>;
  delete(key: string): Promise<void>;
  /** Keys that start with the prefix, ascending, after `after`, with their values. */
  list(
    prefix: string,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly value: Bytes }[]>;
}

/** A page after a cursor; `next` is null at the end. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** How the purses of a scheme stand, counted. */
export interface Fleet {
  readonly purses: number;
  readonly suspect: number;
  readonly culprit: number;
  readonly revoked: number;
  readonly lost: number;
  /** That were answered at each of the moments asked for, or later. */
  readonly syncedSince: readonly number[];
  readonly neverSynced: number;
  /** By the status list they said they had, newest first; null for those that never said. */
  readonly lists: readonly { readonly version: number | null; readonly purses: number }[];
}

/** Read-only views for operators, audit and the ledger hash. Each is one consistent snapshot. */
export interface Reports {
  purse(id: PurseId): Promise<PurseRow | null>;
  purses(after: string, limit: number): Promise<Page<PurseRow>>;
  /** Purses that were reported lost. */
  lostPurses(after: string, limit: number): Promise<Page<PurseRow>>;
  /** Purses of accounts with that name, at whichever participant. */
  pursesOf(account: string, limit: number): Promise<readonly PurseRow[]>;
  /** All purses, counted. */
  fleet(since: readonly Seconds[], lists: number): Promise<Fleet>;
  /** Purses to look at for a refund: pending, with a horizon before `now`; earliest first. */
  refundsDue(now: Seconds, limit: number): Promise<readonly PurseId[]>;
  payerHalves(after: string, limit: number): Promise<Page<PayerHalf>>;
  payeeHalves(after: string, limit: number): Promise<Page<PayeeHalf>>;
  /** Both halves of one payment, where known; a payee's that it is not addressed to only for want of another. */
  payment(id: RecordId): Promise<{
    readonly payer: PayerHalf | null;
    readonly payee: PayeeHalf | null;
  }>;
  fact(id: RecordId): Promise<readonly FactRow[]>;
  /** Facts and postings come purse by purse, as they were added; a page may be somewhat larger. */
  facts(after: string, limit: number): Promise<Page<FactRow>>;
  decisions(after: string, limit: number): Promise<Page<DecisionRow>>;
  postings(after: string, limit: number): Promise<Page<PostingRow>>;
  balances(after: string, limit: number): Promise<Page<BalanceRow>>;
  proofs(after: string, limit: number): Promise<Page<ProofRow>>;
  proof(digest: string): Promise<ProofRow | null>;
  /** Sums over all shards, per account, participant, counterparty and currency. */
  totals(): Promise<readonly Omit<BalanceRow, 'purse'>[]>;
  currencies(): Promise<readonly Currency[]>;
}
