import { fromHex, GENESIS, nextHead, RECORD, SALT_BYTES, toHex } from '@tallystick/protocol';
import type { PurseRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { Evidence } from './evidence.ts';
import type { PaymentFindings } from './findings.ts';
import type { Difference } from './report.ts';

/** The issuer's own log is open to it anyway: its heads have no salt (rule 10). */
const NO_SALT = new Uint8Array(SALT_BYTES);

/** What facts and decisions say of one purse, beside its halves. */
interface PurseFindings {
  readonly row: PurseRow;
  /** Its loads, each at its position in the issuer's sub-purse. */
  readonly loads: PaymentFindings[];
  /** The statement that its row says closures may name is one, of a log without a hole. */
  hasClosing: boolean;
  /** There is an entry where its row says that its log is proven to, and nothing is missing below. */
  isProven: boolean;
}

/** What purse rows sum up of logs, loads and losses, against these. */
export function comparePurses(
  books: Books,
  evidence: Evidence,
  payments: Iterable<PaymentFindings>,
): Difference[] {
  const known = new Map<string, PurseFindings>(
    books.purses.map((row) => {
      const [hasClosing, isProven] = [row.closing === null, row.provenSeq === 0];
      return [row.id, { row, loads: [], hasClosing, isProven }];
    }),
  );
  for (const found of payments) known.get(found.loadedIn ?? '')?.loads.push(found);
  readLogs(known, evidence);
  const losses = lossRevisions(books);
  return [...known.values()].flatMap((purse) => {
    const { id } = purse.row;
    const { participant } = books.certificates.get(id) ?? {};
    const lossRevision = losses.get(id) ?? 0;
    return [...compareLoads(purse), ...compareRow(purse, { participant, lossRevision })];
  });
}

function readLogs(known: ReadonlyMap<string, PurseFindings>, { facts, logs }: Evidence): void {
  for (const each of facts) {
    const { fact, record, id } = each;
    const purse = known.get(fact.purse);
    if (purse === undefined) continue;
    const { closing, provenSeq } = purse.row;
    const isClosing =
      record.kind === RECORD.statement &&
      closing?.id === id &&
      closing.seq === record.seq &&
      closing.floor === record.floor;
    if (isClosing) purse.hasClosing ||= logs.isComplete(each);
    const isThere = fact.salt !== null && record.seq === provenSeq;
    if (isThere) purse.isProven ||= logs.isComplete(each);
  }
}

/** Revision of each purse's next loss, which has one above the last posting's. */
function lossRevisions({ postings }: Books): Map<string, number> {
  const revisions = new Map<string, number>();
  for (const { kind, purse, revision } of postings) {
    if (kind !== 'loss') continue;
    revisions.set(purse, Math.max(revision + 1, revisions.get(purse) ?? 0));
  }
  return revisions;
}

/** The loads of a purse are a log of the issuer's: numbered, and each on the head before it. */
function compareLoads({ row, loads }: PurseFindings): Difference[] {
  const differences: Difference[] = [];
  const { id: purse } = row;
  let [seq, head] = [0, toHex(GENESIS)];
  for (const load of loads.sort((a, b) => a.payment.seq - b.payment.seq)) {
    const { payment, id: name } = load;
    if (payment.seq !== seq + 1 || toHex(payment.head) !== head) {
      const computed = 'not the next of its purse’s loads';
      differences.push({ subject: 'decision', purse, name, stored: 'load', computed });
    }
    seq = payment.seq;
    head = toHex(nextHead(payment.head, NO_SALT, fromHex(name) ?? GENESIS));
  }
  return [
    ...differences,
    ...differ(row, 'loadSeq', row.loadSeq, seq),
    ...differ(row, 'loadHead', row.loadHead, head),
  ];
}

function compareRow(
  { row, hasClosing, isProven }: PurseFindings,
  wanted: { readonly participant: string | undefined; readonly lossRevision: number },
): Difference[] {
  const { closing, provenSeq, participant, lossRevision } = row;
  return [
    ...differ(row, 'participant', participant, wanted.participant),
    ...differ(row, 'lossRevision', lossRevision, wanted.lossRevision),
    ...(hasClosing
      ? []
      : [fault(row, 'closing', closing?.id, 'no statement of a log without a hole')]),
    ...(isProven ? [] : [fault(row, 'provenSeq', provenSeq, 'a hole at or below it')]),
  ];
}

function differ(row: PurseRow, name: string, stored: unknown, computed: unknown): Difference[] {
  return stored === computed ? [] : [fault(row, name, stored, String(computed))];
}

function fault({ id }: PurseRow, name: string, stored: unknown, computed: string): Difference {
  return {
    subject: 'standing',
    purse: id,
    name: id,
    stored: `${name} ${String(stored)}`,
    computed: `${name} ${computed}`,
  };
}
