import type { Algorithm, Bytes, Currency, Seconds } from '@tallystick/protocol';

/**
 * The rows every store keeps. Names of things are lower-case hex: a purse by the 8-byte reference of
 * its first certificate, a certificate by its own reference, a record, head or digest by 32 bytes.
 * Every row but certificates, lists and documents belongs to one purse: its shard.
 */
export type PurseId = string;
export type CertificateRef = string;
export type RecordId = string;
export type Head = string;

/** What the evidence says about a purse: `culprit` only ever with a proof that checks. */
export type Standing = 'sound' | 'suspect' | 'culprit';

/** One purse: its account holder's side, how far its log is proven, and what is known against it. */
export interface PurseRow {
  readonly id: PurseId;
  /** Code of the participant that keeps the holder's account. */
  readonly participant: string;
  /** The account that loads draw on and unloads credit. */
  readonly account: string;
  readonly currency: Currency;
  /** Last position up to which the log is proven without a gap. */
  readonly provenSeq: number;
  /** Epoch of the last answer that was released; 0 before the first (TS-SYN-6). */
  readonly epoch: number;
  /** A statement showed an epoch that is neither the last one nor the one before: no guilt by itself. */
  readonly rolledBack: boolean;
  readonly standing: Standing;
  /** Why it is suspect or culprit, in words that stay stable; null when sound. */
  readonly reason: string | null;
  /** Payments that payees brought and its own log does not show yet, in minor units of its currency. */
  readonly exposed: bigint;
  /** Postings of loss so far: the revision of the next. */
  readonly lossRevision: number;
  /** Lowest position at which two branches are known; null when none is. */
  readonly forkSeq: number | null;
  /** The gapless statement with the highest floor: what closures may name (TS-SYN-7). */
  readonly closing: ClosingStatement | null;
  /** The issuer's sub-purse for this purse: position and head of its last load. */
  readonly loadSeq: number;
  readonly loadHead: Head;
  /** What the last answer had no room for; null when it told of everything that had settled. */
  readonly untold: Untold | null;
  /** Version of the first status list that revokes a certificate of it; null when none does. */
  readonly revokedAt: number | null;
  /** Issuer time of the last answer that was released; null before the first. */
  readonly syncedAt: Seconds | null;
  /** Version of the status list that it had when it made the last statement; null before the first. */
  readonly listVersion: number | null;
  /** Reported lost: the moment after which what is left is refunded; null when it is not. */
  readonly horizon: Seconds | null;
  /** Reported lost, and its shard has changed since somebody looked what there is to refund. */
  readonly refundPending: boolean;
  /** Refunds so far, and what they come to in minor units of its currency. */
  readonly refunds: number;
  readonly refunded: bigint;
}

export interface ClosingStatement {
  readonly id: RecordId;
  readonly seq: number;
  readonly floor: Seconds;
}

/** Of the payments that settled in an epoch or later, in the order in which they did, so many were told. */
export interface Untold {
  readonly since: number;
  readonly told: number;
}

/** A certificate by reference: read by every shard, written once. */
export interface CertificateRow {
  readonly ref: CertificateRef;
  /** The purse it belongs to; null for an issuing or operating key (tier 0). */
  readonly purse: PurseId | null;
  readonly participant: string;
  /** First position it may sign. */
  readonly fromSeq: number;
  readonly statusIndex: number;
  readonly alg: Algorithm;
  readonly key: Bytes;
  readonly expires: Seconds;
  /** COSE_Sign1 of the certificate. */
  readonly wire: Bytes;
}

/**
 * A device's authentic record, stored once and never changed. It has a head when it was seen in the
 * log under a verified head, and a signature when it is also authentic alone.
 */
export interface FactRow {
  readonly purse: PurseId;
  /** The head after it for a log entry, its id for a record known by its signature alone. */
  readonly key: string;
  readonly id: RecordId;
  readonly seq: number;
  /** A number of `RECORD`. */
  readonly kind: number;
  readonly alg: Algorithm;
  readonly kid: CertificateRef;
  readonly external: Bytes;
  readonly payload: Bytes;
  /** Present exactly for log entries. */
  readonly salt: Bytes | null;
  readonly evidence: Bytes | null;
  readonly signature: Bytes | null;
}

/** Where a fact lies in its purse's log, without what it says. */
export interface FactPlace extends Pick<FactRow, 'key' | 'id' | 'seq'> {
  /** Seen in the log under a verified head: `key` is the head after it. */
  readonly isEntry: boolean;
  readonly isSigned: boolean;
}

/** An uploaded entry that no verified head reaches yet; bounded per purse. */
export interface ClaimRow {
  readonly purse: PurseId;
  /** The head after it. */
  readonly key: Head;
  readonly seq: number;
  /** The encoded log entry. */
  readonly entry: Bytes;
}

/** A head that a proven entry states, but whose own entry has not been brought yet. */
export interface GapRow {
  readonly purse: PurseId;
  readonly head: Head;
  /** Position of the missing entry. */
  readonly seq: number;
}

/** What the payer's shard knows of one authentic payment. Every flag only ever goes from false to true. */
export interface PayerHalf {
  readonly purse: PurseId;
  readonly payment: RecordId;
  readonly seq: number;
  readonly kid: CertificateRef;
  readonly payee: CertificateRef;
  /** The payee's purse; null when the payee is an issuing key or not known. */
  readonly payeePurse: PurseId | null;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly hop: number;
  readonly acceptBy: Seconds;
  /** In the payer's own proven log, not only brought by a payee. */
  readonly inLog: boolean;
  readonly accepted: boolean;
  readonly voided: boolean;
  readonly closed: boolean;
  /** The payer's log takes it back, with evidence that verifies. */
  readonly restored: boolean;
  /** For a payment to the own issuer; null for any other. */
  readonly unload: null | 'held' | 'frozen' | 'paid';
  /** The purse's epoch when it became known that the money arrived: later answers tell so. */
  readonly settledEpoch: number | null;
}

/** What the payee's shard knows of one authentic payment. */
export interface PayeeHalf {
  readonly purse: PurseId;
  readonly payment: RecordId;
  /** Certificate that signed it; an issuing key for a load. */
  readonly payer: CertificateRef;
  /** The payer's purse; null for a load. */
  readonly payerPurse: PurseId | null;
  readonly payerParticipant: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly hop: number;
  readonly acceptBy: Seconds;
  /** It names a certificate of this purse, and its currency. */
  readonly addressed: boolean;
  /** Lowest list version of a receipt of it in this purse's log; null while there is none. */
  readonly receiptVersion: number | null;
  readonly voided: boolean;
  readonly closed: boolean;
  /** Version of the list that revoked the payer's certificate; null when not revoked. */
  readonly revokedAt: number | null;
  /** Whether it is credited now, and how often that changed: the revision of the next posting. */
  readonly credited: boolean;
  readonly revision: number;
}

export type Account =
  | 'reserve'
  | 'inFlight'
  | 'float'
  | 'loss'
  | 'position'
  | 'receivable'
  | 'recourse';

/** Every cause of money moving between two accounts of one participant. */
export type PostingKind =
  | 'load'
  | 'loadReturn'
  | 'debit'
  | 'restore'
  | 'credit'
  | 'clearing'
  | 'unload'
  | 'refund'
  | 'loss'
  | 'recourse';

/** One balanced, immutable posting: `amount` from the credited to the debited account. */
export interface PostingRow {
  readonly purse: PurseId;
  /** The payment, the purse for a loss, or the decision's cause for a refund. */
  readonly cause: string;
  readonly kind: PostingKind;
  /** 0 for the first; a correction is a new posting with the accounts exchanged. */
  readonly revision: number;
  readonly participant: string;
  /** The other participant where the account is `position`; empty elsewhere. */
  readonly counterparty: string;
  readonly currency: Currency;
  readonly debit: Account;
  readonly credit: Account;
  /** Minor units, positive. */
  readonly amount: bigint;
}

/** Sum of one shard's postings on one account: debits less credits, in minor units. */
export interface BalanceRow {
  readonly purse: PurseId;
  readonly account: Account;
  readonly participant: string;
  readonly counterparty: string;
  readonly currency: Currency;
  readonly balance: bigint;
}

/** What the issuer decided, append-only; each names what it saw. */
export type DecisionKind = 'load' | 'closure' | 'payout' | 'revocation' | 'lost' | 'refund';

export interface DecisionRow {
  readonly purse: PurseId;
  readonly kind: DecisionKind;
  /**
   * The payment; the certificate reference for a revocation; the purse for a report of its loss,
   * and the purse with the refund's number in four bytes for a refund.
   */
  readonly cause: string;
  /** COSE_Sign1 of a load, closure, report or refund; empty for a payout or revocation. */
  readonly wire: Bytes;
  /** What a load signs besides: the digest of its request; else empty. */
  readonly external: Bytes;
  readonly time: Seconds;
  /** Version of the status list, for a revocation; else 0. */
  readonly version: number;
}

/** A released answer, by the statement it answers. */
export interface AnswerRow {
  readonly purse: PurseId;
  readonly statement: RecordId;
  readonly epoch: number;
  readonly ackedTo: number;
  /** SHA-256 of the upload that was taken in whole with it; null when something of it was left. */
  readonly upload: string | null;
  /** COSE_Sign1. */
  readonly wire: Bytes;
}

/** A checked fork proof. */
export interface ProofRow {
  readonly purse: PurseId;
  /** SHA-256 of the proof. */
  readonly digest: string;
  /** Certificate it convicts. */
  readonly certificate: CertificateRef;
  readonly kind: 1 | 2 | 3;
  readonly wire: Bytes;
  readonly time: Seconds;
}

/** A published status list. */
export interface ListRow {
  readonly version: number;
  readonly issuedAt: Seconds;
  /** Status indices of revoked certificates, ascending. */
  readonly revoked: readonly number[];
  /** COSE_Sign1. */
  readonly wire: Bytes;
}
