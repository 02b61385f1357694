import { fromHex, GENESIS, nextHead, SALT_BYTES, toHex } from '@tallystick/protocol';
import type { PurseRow } from '../store/rows.ts';
import type { Books } from './books.ts';
import type { PaymentFindings } from './findings.ts';
import type { LogFindings } from './log-findings.ts';
import type { Difference } from './report.ts';
import type { Shards } from './shards.ts';

/** The issuer's own log is open to it anyway: its heads have no salt (rule 10). */
const NO_SALT = new Uint8Array(SALT_BYTES);

/** What purse rows sum up of logs, loads and losses, against these. */
export function comparePurses(books: Books, shards: Shards, logs: LogFindings): Difference[] {
  const loads = new Map<string, PaymentFindings[]>();
  for (const found of shards.payments) {
    if (found.load === null) continue;
    const there = loads.get(found.load.purse) ?? [];
    loads.set(found.load.purse, there);
    there.push(found);
  }
  const losses = lossRevisions(shards);
  return [...shards.purses].flatMap((id) => {
    const row = books.purses.get(id);
    if (row === undefined) return [];
    const wanted = {
      participant: books.certificates.get(id)?.participant,
      lossRevision: losses.get(id) ?? 0,
    };
    return [
      ...compareLoads(row, loads.get(id) ?? []),
      ...compareRow(row, wanted),
      ...compareLog(row, logs),
    ];
  });
}

/** Revision of each purse's next loss, which has one above the last posting's. */
function lossRevisions({ postings }: Shards): Map<string, number> {
  const revisions = new Map<string, number>();
  for (const { kind, purse, revision } of postings) {
    if (kind !== 'loss') continue;
    revisions.set(purse, Math.max(revision + 1, revisions.get(purse) ?? 0));
  }
  return revisions;
}

/** The loads of a purse are a log of the issuer's: numbered, and each on the head before it. */
function compareLoads(row: PurseRow, loads: PaymentFindings[]): Difference[] {
  const differences: Difference[] = [];
  const { id: purse } = row;
  let [seq, head] = [0, toHex(GENESIS)];
  for (const { id: name, load, seq: position } of loads.sort((a, b) => a.seq - b.seq)) {
    const below = load?.head ?? GENESIS;
    if (position !== seq + 1 || toHex(below) !== head) {
      const computed = 'not the next of its purse’s loads';
      differences.push({ subject: 'decision', purse, name, stored: 'load', computed });
    }
    seq = position;
    head = toHex(nextHead(below, NO_SALT, fromHex(name) ?? GENESIS));
  }
  return [
    ...differences,
    ...differ(row, 'loadSeq', row.loadSeq, seq),
    ...differ(row, 'loadHead', row.loadHead, head),
  ];
}

function compareRow(
  row: PurseRow,
  wanted: { readonly participant: string | undefined; readonly lossRevision: number },
): Difference[] {
  return [
    ...differ(row, 'participant', row.participant, wanted.participant),
    ...differ(row, 'lossRevision', row.lossRevision, wanted.lossRevision),
  ];
}

function compareLog(row: PurseRow, { closing, proven }: LogFindings): Difference[] {
  const { id } = row;
  const noLog = 'no statement of a log without a hole';
  return [
    ...(closing.has(id) ? [] : [fault(row, 'closing', row.closing?.id, noLog)]),
    ...(proven.has(id) ? [] : [fault(row, 'provenSeq', row.provenSeq, 'a hole at or below it')]),
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
