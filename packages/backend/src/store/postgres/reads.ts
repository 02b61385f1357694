import { toHex } from '@tallystick/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Query, Snapshot } from '../port.ts';
import type { DecisionRow, FactPlace, PurseId } from '../rows.ts';
import { type Halves, PAYEE_HALVES, PAYER_HALVES } from './halves.ts';
import { type PlaceOf, placesAround, type Span } from './journal.ts';
import { names, type Table, texts } from './table.ts';
import { CLAIMS, DECISIONS, GAPS } from './tables.ts';

type Db = Kysely<unknown>;

/** What is asked of one purse's shard. */
export interface Asked {
  readonly purse: PurseId;
  readonly query: Query;
}

type Readable<T extends object> = Pick<Table<T>, 'select'>;

/** Rows by the purse they belong to. */
type ByPurse<T> = (purse: PurseId) => readonly T[];

/** Reads what many ask of their shards, each table in one or two statements. */
export async function readShards(
  db: Db,
  asked: readonly Asked[],
): Promise<(question: Asked) => Snapshot> {
  const places = await readPlaces(db, asked);
  const claims = await whole(db, CLAIMS, asked, 'claims', sql`order by key`);
  const gaps = await whole(db, GAPS, asked, 'gaps', sql`order by head`);
  const payerHalves = await halves(db, PAYER_HALVES, asked, 'payerHalves');
  const payeeHalves = await halves(db, PAYEE_HALVES, asked, 'payeeHalves');
  const decisions = await readDecisions(db, asked);
  return ({ purse, query }) => ({
    places: placesFor(places(purse), query),
    claims: query.claims === true ? claims(purse) : [],
    gaps: query.gaps === true ? gaps(purse) : [],
    payerHalves: ofPayments(payerHalves(purse), query.payerHalves),
    payeeHalves: ofPayments(payeeHalves(purse), query.payeeHalves),
    decisions: decisionsFor(decisions(purse), query),
  });
}

/** Pairs of a purse and something of it, as two arrays to compare with. */
function pairs<T>(
  asked: readonly Asked[],
  pick: (query: Query) => readonly T[] | undefined,
): { readonly purses: PurseId[]; readonly values: T[] } {
  const purses: PurseId[] = [];
  const values: T[] = [];
  for (const { purse, query } of asked) {
    for (const value of pick(query) ?? []) {
      purses.push(purse);
      values.push(value);
    }
  }
  return { purses, values };
}

export function byPurse<T extends { readonly purse: PurseId }>(rows: readonly T[]): ByPurse<T> {
  const groups = Map.groupBy(rows, ({ purse }) => purse);
  return (purse) => groups.get(purse) ?? [];
}

async function readPlaces(db: Db, asked: readonly Asked[]): Promise<ByPurse<PlaceOf>> {
  const spans = asked.flatMap(({ purse, query: { positions = [] } }) => spansOf(purse, positions));
  return byPurse(await placesAround(db, spans));
}

/** Positions so near each other are looked for together; an old gap is not, or all since were read. */
const NEAR = 256;

function spansOf(purse: PurseId, positions: readonly number[]): Span[] {
  const spans: { purse: PurseId; low: number; high: number }[] = [];
  for (const seq of positions.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && seq - last.high <= NEAR) last.high = seq;
    else spans.push({ purse, low: seq, high: seq });
  }
  return spans;
}

/** Two spans may lie in one row, which is then found twice. */
function placesFor(found: readonly PlaceOf[], { positions = [] }: Query): FactPlace[] {
  const wanted = new Set(positions);
  const places = found.flatMap(({ place }) => (wanted.has(place.seq) ? place : []));
  return [...new Map(places.map((place) => [place.key, place])).values()];
}

async function whole<T extends { readonly purse: PurseId }>(
  db: Db,
  table: Readable<T>,
  asked: readonly Asked[],
  flag: 'claims' | 'gaps',
  order: RawBuilder<unknown>,
): Promise<ByPurse<T>> {
  const purses = asked.flatMap(({ purse, query }) => (query[flag] === true ? [purse] : []));
  if (purses.length === 0) return () => [];
  return byPurse(await table.select(db, sql`where purse = any(${names(purses)}) ${order}`));
}

async function halves<H extends { readonly purse: PurseId; readonly payment: string }>(
  db: Db,
  table: Halves<H>,
  asked: readonly Asked[],
  list: 'payerHalves' | 'payeeHalves',
): Promise<ByPurse<H>> {
  const { purses, values } = pairs(asked, (query) => query[list]);
  if (values.length === 0) return () => [];
  const rows = await table.select(
    db,
    sql`where (purse, payment) in (select * from unnest(${names(purses)}, ${names(values)}))`,
  );
  return byPurse(rows);
}

function ofPayments<H extends { readonly payment: string }>(
  rows: readonly H[],
  payments: readonly string[] = [],
): readonly H[] {
  const wanted = new Set(payments);
  return rows.filter(({ payment }) => wanted.has(payment));
}

async function readDecisions(db: Db, asked: readonly Asked[]): Promise<ByPurse<DecisionRow>> {
  const named = pairs(asked, ({ decisions }) => decisions);
  const loads = pairs(asked, ({ loadsFor }) => loadsFor);
  const rows = await (named.values.length === 0
    ? []
    : DECISIONS.select(
        db,
        sql`where (purse, kind, cause) in (select * from unnest(
          ${names(named.purses)},
          ${texts(named.values.map(({ kind }) => kind))},
          ${names(named.values.map(({ cause }) => cause))}))`,
      ));
  const loaded = await (loads.values.length === 0
    ? []
    : DECISIONS.select(
        db,
        sql`where kind = 'load' and (purse, external) in (
          select * from unnest(${names(loads.purses)}, ${names(loads.values)}))`,
      ));
  return byPurse([...rows, ...loaded]);
}

function decisionsFor(
  rows: readonly DecisionRow[],
  { decisions = [], loadsFor = [] }: Query,
): DecisionRow[] {
  const loads = new Set(loadsFor);
  const isNamed = (row: DecisionRow): boolean =>
    decisions.some(({ kind, cause }) => kind === row.kind && cause === row.cause);
  const isLoad = (row: DecisionRow): boolean =>
    row.kind === 'load' && loads.size > 0 && loads.has(toHex(row.external));
  return rows.filter((row) => isNamed(row) || isLoad(row));
}
