import type { Algorithm } from '@tallystick/protocol';
import type {
  Account,
  AnswerRow,
  BalanceRow,
  CertificateRow,
  ClaimRow,
  DecisionKind,
  DecisionRow,
  GapRow,
  ProofRow,
  PurseRow,
  Standing,
} from '../rows.ts';
import { bytes, count, flag, name, nullable, sum, Table, words } from './table.ts';

/** A purse's row with what is nested in it laid flat. */
export interface FlatPurse extends Omit<PurseRow, 'closing' | 'untold'> {
  /** Number of its last row in the journal; 0 before the first. */
  readonly journal: number;
  /** Claims or gaps have been kept for it at some time: without, nobody has to look for any. */
  readonly holes: boolean;
  readonly closingId: string | null;
  readonly closingSeq: number | null;
  readonly closingFloor: number | null;
  readonly untoldSince: number | null;
  readonly untoldTold: number | null;
}

/** What only the database keeps of a purse. */
export type Kept = Pick<FlatPurse, 'journal' | 'holes'>;

export function flatten({ closing, untold, ...rest }: PurseRow, kept: Kept): FlatPurse {
  return {
    ...rest,
    ...kept,
    closingId: closing?.id ?? null,
    closingSeq: closing?.seq ?? null,
    closingFloor: closing?.floor ?? null,
    untoldSince: untold?.since ?? null,
    untoldTold: untold?.told ?? null,
  };
}

export function unflatten(flat: FlatPurse): PurseRow {
  const { closingId: id, closingSeq, closingFloor, untoldSince, untoldTold, ...rest } = flat;
  const [seq, floor] = [closingSeq ?? 0, closingFloor ?? 0];
  const row: PurseRow & { -readonly [K in keyof Kept]?: Kept[K] } = {
    ...rest,
    closing: id === null ? null : { id, seq, floor },
    untold: untoldSince === null ? null : { since: untoldSince, told: untoldTold ?? 0 },
  };
  delete row.journal;
  delete row.holes;
  return row;
}

export const PURSES: Table<FlatPurse> = new Table('purse', ['id'], {
  id: name('id'),
  participant: words('participant'),
  account: words('account'),
  currency: count('currency'),
  provenSeq: count('proven_seq'),
  epoch: count('epoch'),
  rolledBack: flag('rolled_back'),
  standing: words<Standing>('standing'),
  reason: nullable(words('reason')),
  exposed: sum('exposed'),
  lossRevision: count('loss_revision'),
  forkSeq: nullable(count('fork_seq')),
  closingId: nullable(name('closing_id')),
  closingSeq: nullable(count('closing_seq')),
  closingFloor: nullable(count('closing_floor')),
  untoldSince: nullable(count('untold_since')),
  untoldTold: nullable(count('untold_told')),
  loadSeq: count('load_seq'),
  loadHead: name('load_head'),
  revokedAt: nullable(count('revoked_at')),
  syncedAt: nullable(count('synced_at')),
  listVersion: nullable(count('list_version')),
  horizon: nullable(count('horizon')),
  refundPending: flag('refund_pending'),
  refunds: count('refunds'),
  refunded: sum('refunded'),
  journal: count('journal'),
  holes: flag('holes'),
});

export const CERTIFICATES: Table<CertificateRow> = new Table('certificate', ['ref'], {
  ref: name('ref'),
  purse: nullable(name('purse')),
  participant: words('participant'),
  fromSeq: count('from_seq'),
  statusIndex: count('status_index'),
  alg: count<Algorithm>('alg'),
  key: bytes('key'),
  expires: count('expires'),
  wire: bytes('wire'),
});

export const CLAIMS: Table<ClaimRow> = new Table('claim', ['purse', 'key'], {
  purse: name('purse'),
  key: name('key'),
  seq: count('seq'),
  entry: bytes('entry'),
});

export const GAPS: Table<GapRow> = new Table('gap', ['purse', 'head'], {
  purse: name('purse'),
  head: name('head'),
  seq: count('seq'),
});

export const BALANCES: Table<BalanceRow> = new Table(
  'balance',
  ['purse', 'account', 'participant', 'counterparty', 'currency'],
  {
    purse: name('purse'),
    account: words<Account>('account'),
    participant: words('participant'),
    counterparty: words('counterparty'),
    currency: count('currency'),
    balance: sum('balance'),
  },
);

export const DECISIONS: Table<DecisionRow> = new Table('decision', ['purse', 'kind', 'cause'], {
  purse: name('purse'),
  kind: words<DecisionKind>('kind'),
  cause: name('cause'),
  wire: bytes('wire'),
  external: bytes('external'),
  time: count('time'),
  version: count('version'),
});

export const ANSWERS: Table<AnswerRow> = new Table('answer', ['purse', 'statement'], {
  purse: name('purse'),
  statement: name('statement'),
  epoch: count('epoch'),
  ackedTo: count('acked_to'),
  upload: nullable(name('upload')),
  wire: bytes('wire'),
});

export const PROOFS: Table<ProofRow> = new Table('proof', ['purse', 'digest'], {
  purse: name('purse'),
  digest: name('digest'),
  certificate: name('certificate'),
  kind: count<1 | 2 | 3>('kind'),
  wire: bytes('wire'),
  time: count('time'),
});
