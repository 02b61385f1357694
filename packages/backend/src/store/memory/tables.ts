import { type Bytes, type Revocation, toHex } from '@tallystick/protocol';
import { decisionKey } from '../keys.ts';
import type { Letter, Parcel } from '../messages.ts';
import type {
  AnswerRow,
  BalanceRow,
  CertificateRow,
  ClaimRow,
  DecisionRow,
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
} from '../rows.ts';

/** Everything of one purse. */
export interface Shard {
  purse: PurseRow | null;
  readonly facts: Map<string, FactRow>;
  readonly factsAt: Map<number, FactRow[]>;
  readonly factsById: Map<string, FactRow[]>;
  readonly claims: Map<string, ClaimRow>;
  readonly gaps: Map<string, GapRow>;
  readonly payerHalves: Map<string, PayerHalf>;
  /** Payer halves in the order in which they settled, each with the purse's epoch then. */
  readonly settled: { readonly payment: RecordId; readonly epoch: number }[];
  readonly payeeHalves: Map<string, PayeeHalf>;
  readonly postings: Map<string, PostingRow>;
  readonly balances: Map<string, BalanceRow>;
  readonly decisions: Map<string, DecisionRow>;
  /** Loads by the hex digest of their request. */
  readonly loads: Map<string, DecisionRow>;
  readonly answers: Map<string, AnswerRow>;
  readonly proofs: Map<string, ProofRow>;
}

export class Tables {
  readonly shards: Map<PurseId, Shard> = new Map();
  readonly certificates: Map<string, CertificateRow> = new Map();
  readonly certificatesOf: Map<PurseId, CertificateRow[]> = new Map();
  readonly lists: ListRow[] = [];
  /** Version of the list that revoked a certificate. */
  readonly revocations: Map<string, number> = new Map();
  readonly outbox: Map<bigint, Parcel> = new Map();
  #parcels = 0n;
  readonly documents: Map<string, Bytes> = new Map();

  shard(id: PurseId): Shard {
    const there = this.shards.get(id);
    if (there !== undefined) return there;
    const made = emptyShard();
    this.shards.set(id, made);
    return made;
  }

  addCertificate(row: CertificateRow): void {
    this.certificates.set(row.ref, row);
    if (row.purse === null) return;
    const own = [...(this.certificatesOf.get(row.purse) ?? []), row];
    own.sort((a, b) => a.fromSeq - b.fromSeq || (a.ref < b.ref ? -1 : 1));
    this.certificatesOf.set(row.purse, own);
  }

  /** Newest first, culprits before others of one list, then by index. */
  revokedSince(version: number): readonly Revocation[] {
    const convicted = new Set(
      [...this.shards.values()].flatMap(({ proofs }) =>
        [...proofs.values()].map(({ certificate }) => certificate),
      ),
    );
    const rank = ({ ref }: CertificateRow): number => (convicted.has(ref) ? 0 : 1);
    return [...this.revocations]
      .filter(([, since]) => since > version)
      .flatMap(([ref, since]) => {
        const row = this.certificates.get(ref);
        return row === undefined ? [] : [{ version: since, row }];
      })
      .sort(
        (a, b) =>
          b.version - a.version ||
          rank(a.row) - rank(b.row) ||
          a.row.statusIndex - b.row.statusIndex,
      )
      .map(({ version: since, row }) => ({ version: since, statusIndex: row.statusIndex }));
  }

  addParcel(letters: readonly Letter[]): void {
    if (letters.length === 0) return;
    const position = ++this.#parcels;
    this.outbox.set(position, { position, letters });
  }

  addDecisions(rows: readonly DecisionRow[]): void {
    for (const row of rows) {
      const shard = this.shard(row.purse);
      shard.decisions.set(decisionKey(row), row);
      if (row.kind === 'load') shard.loads.set(toHex(row.external), row);
      if (row.kind === 'revocation') this.revocations.set(row.cause, row.version);
    }
  }
}

export function createTables(): Tables {
  return new Tables();
}

function emptyShard(): Shard {
  return {
    purse: null,
    facts: new Map(),
    factsAt: new Map(),
    factsById: new Map(),
    claims: new Map(),
    gaps: new Map(),
    payerHalves: new Map(),
    settled: [],
    payeeHalves: new Map(),
    postings: new Map(),
    balances: new Map(),
    decisions: new Map(),
    loads: new Map(),
    answers: new Map(),
    proofs: new Map(),
  };
}
