import { type Kysely, sql } from 'kysely';
import { unhex } from '../hex.ts';
import { SEPARATOR } from '../keys.ts';
import type { Page } from '../port.ts';
import type { FactPlace, FactRow, PostingRow, PurseId, RecordId } from '../rows.ts';
import { packFacts, unpackFacts, unpackPlaces } from './facts.ts';
import { packPostings, unpackPostings } from './posting-lines.ts';
import { bytes, count, counts, name, names, nullable, Table } from './table.ts';

type Db = Kysely<unknown>;

/**
 * What one transaction added to one purse's shard for good: a row, with its facts and postings packed.
 * Rows of a purse are numbered without a gap under the purse's lock, so that two transactions that
 * took in the same thing at once could not both end.
 */
interface JournalRow {
  readonly purse: PurseId;
  readonly number: number;
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  readonly places: Uint8Array | null;
  readonly bodies: Uint8Array | null;
  readonly postings: Uint8Array | null;
  /** The highest epoch in which one of these payments became settled (TS-SYN-6). */
  readonly settledEpoch: number | null;
  /** Ids of payments, one after the other. */
  readonly settled: Uint8Array | null;
}

const JOURNAL: Table<JournalRow> = new Table('journal', ['purse', 'number'], {
  purse: name('purse'),
  number: count('number'),
  firstSeq: nullable(count('first_seq')),
  lastSeq: nullable(count('last_seq')),
  places: nullable(bytes('places')),
  bodies: nullable(bytes('bodies')),
  postings: nullable(bytes('postings')),
  settledEpoch: nullable(count('settled_epoch')),
  settled: nullable(bytes('settled')),
});

const ID_BYTES = 32;

/** Payments that have become settled, and the purse's epoch when they did. */
export interface Settled {
  readonly epoch: number;
  readonly payments: readonly RecordId[];
}

/** What a purse's next row holds. */
export interface JournalEntry {
  readonly purse: PurseId;
  readonly number: number;
  readonly facts: readonly FactRow[];
  readonly postings: readonly PostingRow[];
  readonly settled: Settled | null;
}

export async function addToJournal(db: Db, entries: readonly JournalEntry[]): Promise<void> {
  await JOURNAL.insert(
    db,
    entries.map(({ purse, number, facts, postings, settled }) => {
      const packed = facts.length === 0 ? null : packFacts(facts);
      return {
        purse,
        number,
        firstSeq: packed?.firstSeq ?? null,
        lastSeq: packed?.lastSeq ?? null,
        places: packed?.places ?? null,
        bodies: packed?.bodies ?? null,
        postings: postings.length === 0 ? null : packPostings(postings),
        settledEpoch: settled?.epoch ?? null,
        settled: settled === null ? null : unhex(settled.payments.join('')),
      };
    }),
  );
}

/** Positions of one purse, from `low` to `high`. */
export interface Span {
  readonly purse: PurseId;
  readonly low: number;
  readonly high: number;
}

export interface PlaceOf {
  readonly purse: PurseId;
  readonly place: FactPlace;
}

/** Where the facts of journal rows lie that reach into these spans, and others of the same rows. */
export async function placesAround(db: Db, spans: readonly Span[]): Promise<readonly PlaceOf[]> {
  if (spans.length === 0) return [];
  // The rows of each purse by its own index, however few or many the planner thinks there are.
  const { rows } = await sql<Omit<Facts, 'bodies'>>`
    select encode(found.purse, 'hex') as purse, found.places
    from unnest(${names(spans.map(({ purse }) => purse))},
      ${counts(spans.map(({ low }) => low))},
      ${counts(spans.map(({ high }) => high))}) as asked (purse, low, high),
    lateral (
      select journal.purse, journal.places from journal
      where journal.purse = asked.purse and journal.last_seq >= asked.low
        and journal.first_seq <= asked.high offset 0
    ) found`.execute(db);
  return rows.flatMap(({ purse, places }) =>
    unpackPlaces(places).map((place) => ({ purse, place })),
  );
}

type Facts = Pick<JournalRow, 'purse'> & {
  readonly places: Uint8Array;
  readonly bodies: Uint8Array;
};

/** Facts of a purse from a position on, in order of position. */
export async function factsFrom(db: Db, purse: PurseId, seq: number): Promise<FactRow[]> {
  const { rows } = await sql<Facts>`
    select encode(purse, 'hex') as purse, places, bodies from journal
    where purse = ${unhex(purse)} and last_seq >= ${seq} order by number`.execute(db);
  return inOrder(rows.flatMap((row) => unpackFacts(row.purse, row))).filter(
    (fact) => fact.seq >= seq,
  );
}

/**
 * One record by its id, in every shard that has it. A payer's shard is found by the payment; for any
 * other record everybody's places are looked through: a question for an operator, not for a payment.
 */
export async function factsById(db: Db, id: RecordId): Promise<FactRow[]> {
  const { rows } = await sql<Facts>`
    select encode(purse, 'hex') as purse, places, bodies from journal
    where position(${unhex(id)} in places) > 0 and purse in (
      select purse from payer_half where payment = ${unhex(id)}
      union all select id from purse
        where not exists (select 1 from payer_half where payment = ${unhex(id)})
    ) order by purse, number`.execute(db);
  return rows.flatMap((row) => unpackFacts(row.purse, row)).filter((fact) => fact.id === id);
}

function inOrder(facts: readonly FactRow[]): FactRow[] {
  return [...facts].sort((a, b) => a.seq - b.seq || (a.key < b.key ? -1 : 1));
}

/** A purse, and an epoch since when it wants to know. */
export interface Since {
  readonly purse: PurseId;
  readonly epoch: number;
}

/**
 * Payments that settled at these epochs or later, and perhaps some that did earlier, those of each purse
 * in the order in which they did.
 */
export async function settledSince(
  db: Db,
  asked: readonly Since[],
): Promise<readonly { readonly purse: PurseId; readonly payment: RecordId }[]> {
  const { rows } = await sql<{ purse: PurseId; settled: string }>`
    select encode(found.purse, 'hex') as purse, encode(found.settled, 'hex') as settled
    from unnest(${names(asked.map(({ purse }) => purse))},
      ${counts(asked.map(({ epoch }) => epoch))}) as asked (purse, epoch),
    lateral (
      select journal.purse, journal.number, journal.settled from journal
      where journal.purse = asked.purse and journal.settled_epoch >= asked.epoch offset 0
    ) found order by found.purse, found.number`.execute(db);
  return rows.flatMap(({ purse, settled }) =>
    Array.from({ length: settled.length / (2 * ID_BYTES) }, (_, at) => ({
      purse,
      payment: settled.slice(at * 2 * ID_BYTES, (at + 1) * 2 * ID_BYTES),
    })),
  );
}

/** Journal rows read at once for a page: each may hold one fact or thousands. */
const ROWS_AT_ONCE = 64;

type Columns = 'places' | 'bodies' | 'postings';

/** Facts or postings, purse by purse, as they were added; rows stay whole, so a page may be larger. */
async function page<T, C extends Columns>(
  db: Db,
  columns: readonly C[],
  unpack: (purse: PurseId, packed: { readonly [K in C]: Uint8Array }) => readonly T[],
  of: { readonly after: string; readonly limit: number },
): Promise<Page<T>> {
  const refs = columns.map((column) => sql.ref(column));
  const rows: T[] = [];
  let next = of.after;
  while (rows.length < of.limit) {
    const [purse = '', number = ''] = next.split(SEPARATOR);
    const beyond =
      next === '' ? sql`` : sql`and (purse, number) > (${unhex(purse)}::bytea, ${number}::int8)`;
    const found = await sql<{ purse: PurseId; number: bigint } & { readonly [K in C]: Uint8Array }>`
      select encode(purse, 'hex') as purse, number, ${sql.join(refs)} from journal as added
      where ${sql.join(
        refs.map((ref) => sql`${ref} is not null`),
        sql` and `,
      )} ${beyond}
      order by added.purse, added.number limit ${ROWS_AT_ONCE}`.execute(db);
    for (const row of found.rows) {
      if (rows.length >= of.limit) return { rows, next };
      rows.push(...unpack(row.purse, row));
      next = row.purse + SEPARATOR + String(row.number);
    }
    if (found.rows.length < ROWS_AT_ONCE) return { rows, next: null };
  }
  return { rows, next };
}

export function pageOfFacts(db: Db, after: string, limit: number): Promise<Page<FactRow>> {
  return page(db, ['places', 'bodies'], unpackFacts, { after, limit });
}

export function pageOfPostings(db: Db, after: string, limit: number): Promise<Page<PostingRow>> {
  return page(db, ['postings'], (purse, { postings }) => unpackPostings(purse, postings), {
    after,
    limit,
  });
}
