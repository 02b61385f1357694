import { type Kysely, type RawBuilder, sql } from 'kysely';
import type {
  AnswerRow,
  BalanceRow,
  CertificateRow,
  PayeeHalf,
  PayerHalf,
  PurseId,
  RecordId,
} from '../rows.ts';
import { type AtHand, findCertificates } from './certificates.ts';
import { PAYEE_HALVES, PAYER_HALVES } from './halves.ts';
import { settledSince, type Since } from './journal.ts';
import { byPurse } from './reads.ts';
import { names } from './table.ts';
import { ANSWERS, BALANCES, DECISIONS } from './tables.ts';

type Db = Kysely<unknown>;

/** One answer for each question that was asked. */
type Answering<Q, R> = Promise<(question: Q) => R>;

/** What is asked of many shards at once: each reader answers with a function from question to rows. */
export interface OfPurse {
  readonly purse: PurseId;
}

export interface Before extends OfPurse {
  readonly floor: number;
}

export interface OfStatement extends OfPurse {
  readonly statement: RecordId;
}

const pursesOf = (asked: readonly OfPurse[]): RawBuilder<unknown> =>
  names([...new Set(asked.map(({ purse }) => purse))]);

export async function waitingHalves(
  db: Db,
  asked: readonly OfPurse[],
): Answering<OfPurse, readonly PayerHalf[]> {
  const rows = await PAYER_HALVES.select(
    db,
    sql`where purse = any(${pursesOf(asked)}) and waiting`,
  );
  const of = byPurse(inLogOrder(rows));
  return ({ purse }: OfPurse) => of(purse);
}

export async function readSettled(
  db: Db,
  asked: readonly Since[],
): Answering<Since, readonly RecordId[]> {
  const of = byPurse(await settledSince(db, asked));
  return ({ purse }: Since) => of(purse).map(({ payment }) => payment);
}

/** By position, as the log has them. */
export function inLogOrder(halves: readonly PayerHalf[]): PayerHalf[] {
  return [...halves].sort((a, b) => a.seq - b.seq || (a.payment < b.payment ? -1 : 1));
}

export async function lapsedHalves(
  db: Db,
  asked: readonly Before[],
): Answering<Before, readonly PayeeHalf[]> {
  const highest = Math.max(...asked.map(({ floor }) => floor));
  const rows = await PAYEE_HALVES.select(
    db,
    sql`where purse = any(${pursesOf(asked)}) and open_until < ${highest} order by payment`,
  );
  const of = byPurse(rows);
  return ({ purse, floor }: Before) => of(purse).filter(({ acceptBy }) => acceptBy < floor);
}

export async function readBalances(
  db: Db,
  asked: readonly OfPurse[],
): Answering<OfPurse, readonly BalanceRow[]> {
  const of = byPurse(await BALANCES.select(db, sql`where purse = any(${pursesOf(asked)})`));
  return ({ purse }: OfPurse) => of(purse);
}

export async function readAnswers(
  db: Db,
  asked: readonly OfStatement[],
): Answering<OfStatement, AnswerRow | null> {
  const of = byPurse(await selectAnswers(db, asked));
  return ({ purse, statement }: OfStatement) =>
    of(purse).find((row) => row.statement === statement) ?? null;
}

export async function selectAnswers(db: Db, to: readonly OfStatement[]): Promise<AnswerRow[]> {
  if (to.length === 0) return [];
  return ANSWERS.select(
    db,
    sql`where (purse, statement) in (select * from unnest(
      ${names(to.map(({ purse }) => purse))}, ${names(to.map((each) => each.statement))}))`,
  );
}

export async function readCertificates(
  db: Db,
  atHand: AtHand,
  asked: readonly (readonly string[])[],
): Answering<readonly string[], readonly CertificateRow[]> {
  const found = await findCertificates(db, atHand, [...new Set(asked.flat())]);
  const rows = new Map(found.map((row) => [row.ref, row]));
  return (refs: readonly string[]) => [...new Set(refs)].flatMap((ref) => rows.get(ref) ?? []);
}

export interface Foreign extends OfPurse {
  readonly id: RecordId;
}

export async function readProven(
  db: Db,
  asked: readonly (readonly Foreign[])[],
): Answering<readonly Foreign[], ReadonlySet<RecordId>> {
  const all = asked.flat();
  const { rows } = await sql<{ purse: string; id: string }>`
    select encode(purse, 'hex') as purse, encode(payment, 'hex') as id from payer_half
    where (purse, payment) in (select * from unnest(
      ${names(all.map(({ purse }) => purse))}, ${names(all.map(({ id }) => id))}))`.execute(db);
  const held = new Set(rows.map(({ purse, id }) => `${purse} ${id}`));
  return (of: readonly Foreign[]): ReadonlySet<RecordId> =>
    new Set(of.filter(({ purse, id }) => held.has(`${purse} ${id}`)).map(({ id }) => id));
}

export async function readRevocations(
  db: Db,
  asked: readonly (readonly string[])[],
): Answering<readonly string[], ReadonlyMap<string, number>> {
  const refs = [...new Set(asked.flat())];
  const rows = await (refs.length === 0
    ? []
    : DECISIONS.select(db, sql`where kind = 'revocation' and cause = any(${names(refs)})`));
  const versions = new Map(rows.map(({ cause, version }) => [cause, version]));
  return (of: readonly string[]): ReadonlyMap<string, number> =>
    new Map(
      of.flatMap((ref) => {
        const version = versions.get(ref);
        return version === undefined ? [] : [[ref, version] as const];
      }),
    );
}
