/** What the audit looks at; each difference is one of these, by a stable name. */
export type Subject =
  | 'fact'
  | 'coverage'
  | 'evidence'
  | 'payerHalf'
  | 'payeeHalf'
  | 'posting'
  | 'balance'
  | 'standing'
  | 'proof'
  | 'decision'
  | 'list'
  | 'certificate'
  | 'supply';

/** Something stored that the facts do not bear out. */
export interface Difference {
  readonly subject: Subject;
  /** The purse whose shard it is in. */
  readonly purse: string;
  /** The record, payment, account or proof. */
  readonly name: string;
  /** What is stored, and what the facts say. */
  readonly stored: string;
  readonly computed: string;
}

export interface AuditReport {
  readonly agrees: boolean;
  readonly purses: number;
  readonly facts: number;
  readonly payments: number;
  readonly postings: number;
  /** Signatures that were verified again. */
  readonly signatures: number;
  /** Messages under way; what they will still change was not compared. */
  readonly undelivered: number;
  readonly differences: readonly Difference[];
}
