import type { Bytes } from '@tallystick/protocol';
import type { Page, View } from '../store/port.ts';
import type {
  BalanceRow,
  CertificateRow,
  DecisionRow,
  FactRow,
  ListRow,
  PayeeHalf,
  PayerHalf,
  PostingRow,
  ProofRow,
  PurseRow,
} from '../store/rows.ts';
import type { Letter } from '../store/messages.ts';

/** Everything there is, as it was at one moment. */
export interface Books {
  readonly purses: readonly PurseRow[];
  readonly certificates: ReadonlyMap<string, CertificateRow>;
  readonly facts: readonly FactRow[];
  readonly decisions: readonly DecisionRow[];
  readonly proofs: readonly ProofRow[];
  /** The newest status list; null before the first. */
  readonly list: ListRow | null;
  /** Bytes of the lists that revocations came with, and of those before each, by version. */
  readonly lists: ReadonlyMap<number, Bytes>;
  readonly payerHalves: readonly PayerHalf[];
  readonly payeeHalves: readonly PayeeHalf[];
  readonly postings: readonly PostingRow[];
  readonly balances: readonly BalanceRow[];
  readonly undelivered: readonly Letter[];
}

const PAGE = 5_000;
const OUTBOX_MAX = 1_000_000;

/** Reads all of it. `refsOf` names certificates that belong to no purse, to be read as well. */
export async function readBooks(
  view: View,
  refsOf: (
    facts: readonly FactRow[],
    decisions: readonly DecisionRow[],
    lists: readonly Bytes[],
  ) => readonly string[],
): Promise<Books> {
  const { reports } = view;
  const purses = await all((after) => reports.purses(after, PAGE));
  const facts = await all((after) => reports.facts(after, PAGE));
  const decisions = await all((after) => reports.decisions(after, PAGE));
  const list = await view.latestList();
  const lists = await view.lists(versionsIn(decisions));
  const wires = [...lists, ...(list === null ? [] : [list])].map(({ wire }) => wire);
  const own = await view.certificatesOf(purses.map(({ id }) => id));
  const others = await view.certificates(refsOf(facts, decisions, wires));
  return {
    purses,
    certificates: new Map([...own, ...others].map((row) => [row.ref, row])),
    facts,
    decisions,
    list,
    lists: new Map(lists.map(({ version, wire }) => [version, wire])),
    proofs: await all((after) => reports.proofs(after, PAGE)),
    payerHalves: await all((after) => reports.payerHalves(after, PAGE)),
    payeeHalves: await all((after) => reports.payeeHalves(after, PAGE)),
    postings: await all((after) => reports.postings(after, PAGE)),
    balances: await all((after) => reports.balances(after, PAGE)),
    undelivered: (await view.outbox(OUTBOX_MAX)).flatMap(({ letters }) => letters),
  };
}

function versionsIn(decisions: readonly DecisionRow[]): number[] {
  const versions = decisions.flatMap(({ kind, version }) =>
    kind === 'revocation' ? [version - 1, version] : [],
  );
  return [...new Set(versions)];
}

async function all<T>(page: (after: string) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const next: Page<T> = await page(after);
    for (const row of next.rows) rows.push(row);
    after = next.next;
  }
  return rows;
}
