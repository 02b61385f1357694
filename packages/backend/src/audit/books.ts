import { attempt, type Bytes, decodeSigned, toHex } from '@tallystick/protocol';
import type { Letter } from '../store/messages.ts';
import type { View } from '../store/port.ts';
import type { CertificateRow, DecisionRow, ListRow, ProofRow, PurseRow } from '../store/rows.ts';
import { listSigner } from './revocations.ts';
import { readAll } from './volumes.ts';

/** What is read whole, as it was at one moment: everything but the rows that payments leave. */
export interface Books {
  readonly purses: ReadonlyMap<string, PurseRow>;
  /** By reference: those of purses, and of issuing keys as they are met. */
  readonly certificates: ReadonlyMap<string, CertificateRow>;
  readonly decisions: readonly DecisionRow[];
  readonly proofs: readonly ProofRow[];
  /** The newest status list; null before the first. */
  readonly list: ListRow | null;
  /** Bytes of the lists that revocations came with, and of those before each, by version. */
  readonly lists: ReadonlyMap<number, Bytes>;
  readonly undelivered: readonly Letter[];
}

/** Has the certificates of these references read, where they are not yet among the books. */
export type MeetCertificates = (refs: Iterable<string>) => Promise<void>;

const PAGE = 5_000;
const OUTBOX_MAX = 1_000_000;

export async function readBooks(
  view: View,
): Promise<{ readonly books: Books; readonly meet: MeetCertificates }> {
  const { reports } = view;
  const purses = await readAll((after) => reports.purses(after, PAGE));
  const decisions = await readAll((after) => reports.decisions(after, PAGE));
  const list = await view.latestList();
  const lists = await view.lists(versionsIn(decisions));
  const own = await view.certificatesOf(purses.map(({ id }) => id));
  const certificates = new Map(own.map((row) => [row.ref, row]));
  const meet: MeetCertificates = async (refs) => {
    const strangers = [...new Set(refs)].filter((ref) => !certificates.has(ref));
    if (strangers.length === 0) return;
    for (const row of await view.certificates(strangers)) certificates.set(row.ref, row);
  };
  await meet(signersOf(decisions, [...lists, ...(list === null ? [] : [list])]));
  const books: Books = {
    purses: new Map(purses.map((row) => [row.id, row])),
    certificates,
    decisions,
    list,
    lists: new Map(lists.map(({ version, wire }) => [version, wire])),
    proofs: await readAll((after) => reports.proofs(after, PAGE)),
    undelivered: (await view.outbox(OUTBOX_MAX)).flatMap(({ letters }) => letters),
  };
  return { books, meet };
}

function versionsIn(decisions: readonly DecisionRow[]): number[] {
  const versions = decisions.flatMap(({ kind, version }) =>
    kind === 'revocation' ? [version - 1, version] : [],
  );
  return [...new Set(versions)];
}

/** References of the keys that signed decisions and lists: they are of no purse. */
function signersOf(decisions: readonly DecisionRow[], lists: readonly ListRow[]): string[] {
  const signers = [
    ...lists.map(({ wire }) => attempt(() => listSigner(wire))),
    ...decisions.map(({ wire, external }) =>
      attempt(() => toHex(decodeSigned(wire, external).kid)),
    ),
  ];
  return signers.flatMap((signer) => (signer.ok ? signer.value : []));
}
