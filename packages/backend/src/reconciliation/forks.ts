import {
  type Bytes,
  decodeRecord,
  encodeSigned,
  type Exhibit,
  type ForkProof,
  LIMITS,
  type LogRecord,
  type ProofStep,
  RECORD,
  toHex,
} from '@tallystick/protocol';
import type { CertificateRef, CertificateRow, FactRow, Head, RecordId } from '../store/rows.ts';
import { unhex } from '../store/hex.ts';
import { unsignedOf } from './carried.ts';

interface Shown {
  readonly fact: FactRow;
  readonly record: LogRecord;
  readonly signature: Bytes;
}

/** The lowest position at which two different contents are authentic; null when there is none. */
export function forkPosition(idsAt: ReadonlyMap<number, ReadonlySet<RecordId>>): number | null {
  // GUARD one-numbering (rule 8): two contents at one position are a fork, loads included.
  const forked = [...idsAt].filter(([, ids]) => ids.size > 1).map(([seq]) => seq);
  return forked.length === 0 ? null : Math.min(...forked);
}

/**
 * The shortest proof that these facts of one purse contradict each other, or null when what is
 * signed alone does not show it yet (TS-FRK-1). A function of the set of facts, not of their order.
 */
export function findProof(
  facts: readonly FactRow[],
  certificates: readonly CertificateRow[],
): ForkProof | null {
  const wires = new Map(certificates.map(({ ref, wire }) => [ref, wire]));
  const shown = signedRecords(facts);
  const found = samePosition(shown, wires) ?? sameAnswer(shown, wires);
  return found ?? againstStatement(shown, facts, wires);
}

/** Records that are signed alone, once each, in a fixed order. */
function signedRecords(facts: readonly FactRow[]): Shown[] {
  const byId = new Map<RecordId, Shown>();
  for (const fact of facts) {
    if (fact.signature === null || byId.has(fact.id)) continue;
    const { signature } = fact;
    byId.set(fact.id, { fact, record: decodeRecord(fact.payload), signature });
  }
  return [...byId.values()].sort(
    (a, b) => a.fact.seq - b.fact.seq || (rank(a.fact) < rank(b.fact) ? -1 : 1),
  );
}

/** Records of one key stand together. */
function rank(fact: FactRow): string {
  return fact.kid + fact.id;
}

type Wires = ReadonlyMap<CertificateRef, Bytes>;

function samePosition(shown: readonly Shown[], wires: Wires): ForkProof | null {
  for (const [index, second] of shown.entries()) {
    const first = shown[index - 1];
    const certificate = wires.get(second.fact.kid);
    const isFork = first?.fact.seq === second.fact.seq && first.fact.kid === second.fact.kid;
    if (first === undefined || certificate === undefined || !isFork) continue;
    return { kind: 1, certificate, first: exhibit(first), second: exhibit(second) };
  }
  return null;
}

function sameAnswer(shown: readonly Shown[], wires: Wires): ForkProof | null {
  for (const receipt of shown) {
    const { record: accepted } = receipt;
    if (accepted.kind !== RECORD.receipt) continue;
    const payment = toHex(accepted.paymentId);
    const voided = shown.find(
      ({ fact, record }) =>
        record.kind === RECORD.void &&
        fact.kid === receipt.fact.kid &&
        toHex(record.paymentId) === payment,
    );
    const certificate = wires.get(receipt.fact.kid);
    if (voided === undefined || certificate === undefined) continue;
    return { kind: 3, certificate, receipt: message(receipt), void: message(voided) };
  }
  return null;
}

/** A signed record that a later statement's log does not have: the pair with the fewest steps. */
function againstStatement(
  shown: readonly Shown[],
  facts: readonly FactRow[],
  wires: Wires,
): ForkProof | null {
  // Where there is one content only, no log can have another.
  const contents = Map.groupBy(facts, ({ seq }) => seq);
  const contested = shown.filter(
    ({ fact }) => new Set(contents.get(fact.seq)?.map(({ id }) => id)).size > 1,
  );
  if (contested.length === 0) return null;
  const byHead = new Map(facts.filter(({ salt }) => salt !== null).map((fact) => [fact.key, fact]));
  const read = new Map<Head, LogRecord>();
  let best: (ForkProof & { readonly kind: 2 }) | null = null;
  for (const statement of shown) {
    if (statement.record.kind !== RECORD.statement) continue;
    const certificate = wires.get(statement.fact.kid);
    if (certificate === undefined) continue;
    const log = logBelow(statement, byHead, read);
    for (const record of contested) {
      const at = log.get(record.fact.seq);
      if (at === undefined || record.fact.kid !== statement.fact.kid) continue;
      const isShorter = best === null || statement.fact.seq - record.fact.seq < best.steps.length;
      if (at.id === record.fact.id || !isShorter) continue;
      const steps = stepsBetween(record.fact.seq, statement.fact.seq, log);
      best = {
        kind: 2,
        certificate,
        record: exhibit(record),
        statement: message(statement),
        start: decodeRecord(at.payload).head,
        steps,
      };
    }
  }
  return best;
}

/** The log under a statement, by position, as far down as it is known and a proof may reach. */
function logBelow(
  statement: Shown,
  byHead: ReadonlyMap<Head, FactRow>,
  read: Map<Head, LogRecord>,
): Map<number, FactRow> {
  const log = new Map<number, FactRow>();
  let { record } = statement;
  while (log.size < LIMITS.proofSteps) {
    const fact = byHead.get(toHex(record.head));
    if (fact === undefined || fact.seq !== record.seq - 1) break;
    log.set(fact.seq, fact);
    record = read.get(fact.key) ?? decodeRecord(fact.payload);
    read.set(fact.key, record);
  }
  return log;
}

function stepsBetween(from: number, to: number, log: ReadonlyMap<number, FactRow>): ProofStep[] {
  return Array.from({ length: to - from }, (_, index) => {
    const fact = log.get(from + index);
    if (fact?.salt == null) throw new Error(`the log has no entry at ${from + index}`);
    return { salt: fact.salt, id: unhex(fact.id) };
  });
}

function exhibit(of: Shown): Exhibit {
  return { external: of.fact.external, record: message(of) };
}

function message({ fact, signature }: Shown): Bytes {
  return encodeSigned({ ...unsignedOf(fact), signature });
}
