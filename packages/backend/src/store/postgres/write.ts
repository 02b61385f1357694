import { type Kysely, type RawBuilder, sql } from 'kysely';
import { binaryArray } from '../../database/binary-array.ts';
import { balanceChanges } from '../balances.ts';
import type { Letter } from '../messages.ts';
import type { Changes } from '../port.ts';
import { writeLetters } from './letters.ts';
import { counts, names, texts } from './table.ts';
import {
  ANSWERS,
  CERTIFICATES,
  CLAIMS,
  DECISIONS,
  FACTS,
  flatten,
  GAPS,
  PAYEE_HALVES,
  PAYER_HALVES,
  POSTINGS,
  PROOFS,
  PURSES,
} from './tables.ts';

type Db = Kysely<unknown>;
type Rows<K extends keyof Changes> = Exclude<Changes[K], undefined>[number];

/** Writes everything, each table in one or two statements. */
export async function writeChanges(db: Db, changes: readonly Changes[]): Promise<void> {
  const all = <K extends keyof Changes>(list: K): Rows<K>[] =>
    changes.flatMap((each) => (each[list] ?? []) as readonly Rows<K>[]);
  const postings = all('postings');
  await CERTIFICATES.insert(db, all('certificates'));
  await PURSES.upsert(db, all('purses').map(flatten));
  await FACTS.insert(db, all('facts'), 'skip');
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
  await POSTINGS.insert(db, postings);
  await addToBalances(db, balanceChanges(postings));
  await DECISIONS.insert(db, all('decisions'));
  await ANSWERS.insert(db, all('answers'));
  await PROOFS.insert(db, all('proofs'), 'skip');
  await addParcel(db, all('letters'));
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
    'int8',
    changes.map(({ balance }) => balance),
  )}::int8[]`;
}

/** Adds the letters of one transaction, in their order. */
export async function addParcel(db: Db, letters: readonly Letter[]): Promise<void> {
  if (letters.length === 0) return;
  await sql`
    insert into parcel (letters, count) values (${writeLetters(letters)}, ${letters.length})`.execute(
    db,
  );
}
