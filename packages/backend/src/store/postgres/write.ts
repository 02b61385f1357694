import { type Kysely, type RawBuilder, sql } from 'kysely';
import { binaryArray } from '../../database/binary-array.ts';
import { balanceChanges } from '../balances.ts';
import type { Letter } from '../messages.ts';
import type { Changes } from '../port.ts';
import type { FactRow, PayerHalf, PostingRow, PurseId, PurseRow } from '../rows.ts';
import { PAYEE_HALVES, PAYER_HALVES } from './halves.ts';
import { addToJournal, type JournalEntry, type Settled } from './journal.ts';
import { writeLetters } from './letters.ts';
import { counts, names, texts } from './table.ts';
import {
  ANSWERS,
  CERTIFICATES,
  CLAIMS,
  DECISIONS,
  flatten,
  type FlatPurse,
  GAPS,
  PROOFS,
  PURSES,
  unflatten,
} from './tables.ts';

type Db = Kysely<unknown>;
type Rows<K extends keyof Changes> = Exclude<Changes[K], undefined>[number];

/** Rows of purses as the transaction has locked or written them. */
type Locked = Map<PurseId, FlatPurse>;

/** Writes everything, each table in one or two statements, and keeps `locked` at what is written. */
export async function writeChanges(
  db: Db,
  locked: Locked,
  changes: readonly Changes[],
): Promise<void> {
  const all = <K extends keyof Changes>(list: K): Rows<K>[] =>
    changes.flatMap((each) => (each[list] ?? []) as readonly Rows<K>[]);
  const postings = all('postings');
  await CERTIFICATES.insert(db, all('certificates'));
  const entries = nextEntries(locked, all('facts'), postings, all('payerHalves'));
  const holes = new Set([...all('claims'), ...all('gaps')].map(({ purse }) => purse));
  await PURSES.upsert(db, pursesWith(locked, all('purses'), entries, holes));
  await addToJournal(db, entries);
  await remove(
    db,
    'claim',
    'key',
    all('claimsGone').map(({ purse, key }) => [purse, key]),
  );
  await CLAIMS.upsert(db, all('claims'));
  await remove(
    db,
    'gap',
    'head',
    all('gapsGone').map(({ purse, head }) => [purse, head]),
  );
  await GAPS.upsert(db, all('gaps'));
  await PAYER_HALVES.upsert(db, all('payerHalves'));
  await PAYEE_HALVES.upsert(db, all('payeeHalves'));
  await addToBalances(db, balanceChanges(postings));
  await DECISIONS.insert(db, all('decisions'));
  await ANSWERS.insert(db, all('answers'));
  await PROOFS.insert(db, all('proofs'), 'skip');
  await addParcel(db, all('letters'));
}

/** The next journal row of every purse that has something for it. */
function nextEntries(
  locked: Locked,
  facts: readonly FactRow[],
  postings: readonly PostingRow[],
  halves: readonly PayerHalf[],
): JournalEntry[] {
  const factsOf = Map.groupBy(facts, ({ purse }) => purse);
  const postingsOf = Map.groupBy(postings, ({ purse }) => purse);
  // Those that were settled in an epoch before have been noted then.
  const fresh = halves.filter(
    ({ purse, settledEpoch }) => (settledEpoch ?? -1) >= (locked.get(purse)?.epoch ?? 0),
  );
  const settledOf = Map.groupBy(fresh, ({ purse }) => purse);
  const purses = new Set([...factsOf.keys(), ...postingsOf.keys(), ...settledOf.keys()]);
  return [...purses].map((purse) => ({
    purse,
    number: (locked.get(purse)?.journal ?? 0) + 1,
    facts: factsOf.get(purse) ?? [],
    postings: postingsOf.get(purse) ?? [],
    settled: settledIn(settledOf.get(purse) ?? []),
  }));
}

function settledIn(halves: readonly PayerHalf[]): Settled | null {
  if (halves.length === 0) return null;
  return {
    epoch: Math.max(...halves.map(({ settledEpoch }) => settledEpoch ?? 0)),
    payments: halves.map(({ payment }) => payment),
  };
}

/** Purses that have changed, and those of which only the database keeps something new. */
function pursesWith(
  locked: Locked,
  purses: readonly PurseRow[],
  entries: readonly JournalEntry[],
  holes: ReadonlySet<PurseId>,
): FlatPurse[] {
  const numbers = new Map(entries.map(({ purse, number }) => [purse, number]));
  const changed = new Map(purses.map((row) => [row.id, row]));
  for (const purse of [...numbers.keys(), ...holes]) {
    const row = locked.get(purse);
    if (row !== undefined && !changed.has(purse)) changed.set(purse, unflatten(row));
  }
  const rows = [...changed.values()].map((row) => {
    const before = locked.get(row.id);
    return flatten(row, {
      journal: numbers.get(row.id) ?? before?.journal ?? 0,
      holes: holes.has(row.id) || before?.holes === true,
    });
  });
  for (const row of rows) locked.set(row.id, row);
  return rows;
}

async function remove(
  db: Db,
  table: 'claim' | 'gap',
  column: 'key' | 'head',
  keys: readonly (readonly [string, string])[],
): Promise<void> {
  if (keys.length === 0) return;
  const purses = names(keys.map(([purse]) => purse));
  const values = names(keys.map(([, value]) => value));
  await sql`
    delete from ${sql.table(table)}
    where (purse, ${sql.ref(column)}) in (select * from unnest(${purses}, ${values}))`.execute(db);
}

type BalanceChanges = ReturnType<typeof balanceChanges>;

async function addToBalances(db: Db, changes: BalanceChanges): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    insert into balance (purse, account, participant, counterparty, currency, balance)
    select * from unnest(
      ${names(changes.map(({ purse }) => purse))},
      ${texts(changes.map(({ account }) => account))},
      ${texts(changes.map(({ participant }) => participant))},
      ${texts(changes.map(({ counterparty }) => counterparty))},
      ${counts(changes.map(({ currency }) => currency))},
      ${sums(changes)}
    )
    on conflict (purse, account, participant, counterparty, currency)
    do update set balance = balance.balance + excluded.balance`.execute(db);
}

function sums(changes: BalanceChanges): RawBuilder<unknown> {
  return sql`${binaryArray(
    'numeric',
    changes.map(({ balance }) => balance),
  )}::numeric[]`;
}

/** Adds the letters of one transaction, in their order. */
export async function addParcel(db: Db, letters: readonly Letter[]): Promise<void> {
  if (letters.length === 0) return;
  await sql`
    insert into parcel (letters, count) values (${writeLetters(letters)}, ${letters.length})`.execute(
    db,
  );
}
