import { deserialize } from 'node:v8';
import type { Algorithm } from '@tallystick/protocol';
import { type Kysely, sql } from 'kysely';
import type { Letter } from '../messages.ts';
import type {
  Account,
  FactRow,
  PayeeHalf,
  PayerHalf,
  PostingKind,
  PostingRow,
  PurseId,
} from '../rows.ts';
import { PAYEE_HALVES, PAYER_HALVES } from './halves.ts';
import { addToJournal, type JournalEntry } from './journal.ts';
import { writeLetters } from './letters.ts';
import { bytes, count, flag, money, name, names, nullable, Table, words } from './table.ts';

/**
 * The step from a row for each fact, posting and half, in columns, to the journal and packed halves.
 * The tables as they were are described here and nowhere else any more.
 */

type Db = Kysely<unknown>;

const FACTS: Table<FactRow> = new Table('fact', ['purse', 'seq', 'key'], {
  purse: name('purse'),
  key: name('key'),
  id: name('id'),
  seq: count('seq'),
  kind: count('kind'),
  alg: count<Algorithm>('alg'),
  kid: name('kid'),
  external: bytes('external'),
  payload: bytes('payload'),
  salt: nullable(bytes('salt')),
  evidence: nullable(bytes('evidence')),
  signature: nullable(bytes('signature')),
});

const POSTINGS: Table<PostingRow> = new Table('posting', ['purse', 'cause', 'kind', 'revision'], {
  purse: name('purse'),
  cause: name('cause'),
  kind: words<PostingKind>('kind'),
  revision: count('revision'),
  participant: words('participant'),
  counterparty: words('counterparty'),
  currency: count('currency'),
  debit: words<Account>('debit'),
  credit: words<Account>('credit'),
  amount: money('amount'),
});

const OLD_PAYER_HALVES: Table<PayerHalf> = new Table(
  'payer_half_by_columns',
  ['purse', 'payment'],
  {
    purse: name('purse'),
    payment: name('payment'),
    seq: count('seq'),
    kid: name('kid'),
    payee: name('payee'),
    payeePurse: nullable(name('payee_purse')),
    currency: count('currency'),
    amount: money('amount'),
    hop: count('hop'),
    acceptBy: count('accept_by'),
    inLog: flag('in_log'),
    accepted: flag('accepted'),
    voided: flag('voided'),
    closed: flag('closed'),
    restored: flag('restored'),
    unload: nullable(words<'held' | 'frozen' | 'paid'>('unload')),
    settledEpoch: nullable(count('settled_epoch')),
  },
);

const OLD_PAYEE_HALVES: Table<PayeeHalf> = new Table(
  'payee_half_by_columns',
  ['purse', 'payment'],
  {
    purse: name('purse'),
    payment: name('payment'),
    payer: name('payer'),
    payerPurse: nullable(name('payer_purse')),
    payerParticipant: words('payer_participant'),
    currency: count('currency'),
    amount: money('amount'),
    hop: count('hop'),
    acceptBy: count('accept_by'),
    addressed: flag('addressed'),
    receiptVersion: nullable(count('receipt_version')),
    voided: flag('voided'),
    closed: flag('closed'),
    revokedAt: nullable(count('revoked_at')),
    credited: flag('credited'),
    revision: count('revision'),
  },
);

const PACKED_TABLES: readonly string[] = [
  `alter table purse
    add column journal int8 not null default 0,
    add column holes bool not null default false`,
  `update purse set holes = true where id in (select purse from claim union select purse from gap)`,
  `create table journal (
    purse bytea not null,
    number int8 not null check (number > 0),
    first_seq int8,
    last_seq int8,
    places bytea,
    bodies bytea,
    postings bytea,
    settled_epoch int8,
    settled bytea,
    primary key (purse, number)
  )`,
  // Hashes and signatures do not compress; what is asked for often stays in the row.
  ...['places', 'bodies', 'postings', 'settled'].map(
    (column) => `alter table journal alter column ${column} set storage external`,
  ),
  'alter table journal set (toast_tuple_target = 4080)',
  'create index journal_by_position on journal (purse, last_seq) where last_seq is not null',
  `create index journal_by_epoch on journal (purse, settled_epoch)
    where settled_epoch is not null`,
  `create trigger journal_is_immutable before update or delete on journal
    for each row execute function refuse_change()`,
  `create trigger journal_is_kept before truncate on journal
    for each statement execute function refuse_change()`,
  ...['payer_half', 'payee_half'].flatMap((table) => [
    `alter table ${table} rename to ${table}_by_columns`,
    `alter index ${table}_pkey rename to ${table}_by_columns_pkey`,
  ]),
  'drop index payer_half_by_payment, payer_half_waiting, payer_half_settled',
  'drop index payee_half_open, payee_half_misaddressed',
  // A half is written again when its payment is answered: there is room for that on its page.
  `create table payer_half (
    purse bytea not null,
    payment bytea not null,
    waiting bool not null,
    body bytea not null,
    primary key (purse, payment)
  ) with (fillfactor = 70)`,
  'create index payer_half_by_payment on payer_half (payment)',
  'create index payer_half_waiting on payer_half (purse) where waiting',
  `create table payee_half (
    purse bytea not null,
    payment bytea not null,
    open_until int8,
    addressed bool not null,
    body bytea not null,
    primary key (purse, payment)
  )`,
  'create index payee_half_open on payee_half (purse, open_until) where open_until is not null',
  'create index payee_half_misaddressed on payee_half (payment) where not addressed',
];

const OLD_TABLES = ['fact', 'posting', 'payer_half_by_columns', 'payee_half_by_columns'];

const PURSES_TOGETHER = 200;
const FACTS_A_ROW = 500;

export async function packTables(db: Db): Promise<void> {
  for (const statement of PACKED_TABLES) await sql.raw(statement).execute(db);
  await rewriteParcels(db);
  for (let after: Uint8Array = new Uint8Array(); ; ) {
    const { rows } = await sql<{ id: Uint8Array }>`
      select id from purse where id > ${after} order by id limit ${PURSES_TOGETHER}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    await packPurses(
      db,
      rows.map(({ id }) => Buffer.from(id).toString('hex')),
    );
  }
  for (const table of OLD_TABLES) await sql`drop table ${sql.table(table)}`.execute(db);
}

/** The first byte of what the engine's own serialiser writes. */
const SERIALISED = 0xff;

/** Letters were written down by the engine's own serialiser. */
async function rewriteParcels(db: Db): Promise<void> {
  const { rows } = await sql<{ position: bigint; letters: Uint8Array }>`
    select position, letters from parcel`.execute(db);
  for (const { position, letters } of rows) {
    if (letters[0] !== SERIALISED) continue;
    await sql`
      update parcel set letters = ${writeLetters(deserialize(letters) as Letter[])}
      where position = ${position}`.execute(db);
  }
}

async function packPurses(db: Db, purses: readonly PurseId[]): Promise<void> {
  const theirs = sql`where purse = any(${names(purses)})`;
  const facts = Map.groupBy(await FACTS.select(db, theirs), ({ purse }) => purse);
  const postings = Map.groupBy(await POSTINGS.select(db, theirs), ({ purse }) => purse);
  const payers = await OLD_PAYER_HALVES.select(db, theirs);
  const settled = Map.groupBy(
    payers.filter(({ settledEpoch }) => settledEpoch !== null),
    ({ purse }) => purse,
  );
  const entries = purses.flatMap((purse) =>
    entriesOf(purse, facts.get(purse) ?? [], postings.get(purse) ?? [], settled.get(purse) ?? []),
  );
  await addToJournal(db, entries);
  for (const { purse, number } of entries) {
    await sql`
      update purse set journal = ${number} where id = ${Buffer.from(purse, 'hex')}`.execute(db);
  }
  await PAYER_HALVES.upsert(db, payers);
  await PAYEE_HALVES.upsert(db, await OLD_PAYEE_HALVES.select(db, theirs));
}

/** Everything of one purse, its facts cut into rows that are not too long. */
function entriesOf(
  purse: PurseId,
  facts: readonly FactRow[],
  postings: readonly PostingRow[],
  settled: readonly PayerHalf[],
): JournalEntry[] {
  const inOrder = [...facts].sort((a, b) => a.seq - b.seq);
  const rows = Array.from({ length: Math.ceil(inOrder.length / FACTS_A_ROW) }, (_, at) =>
    inOrder.slice(at * FACTS_A_ROW, (at + 1) * FACTS_A_ROW),
  );
  if (rows.length === 0 && postings.length === 0 && settled.length === 0) return [];
  return (rows.length === 0 ? [[]] : rows).map((some, at) => ({
    purse,
    number: at + 1,
    facts: some,
    postings: at === 0 ? postings : [],
    settled:
      at > 0 || settled.length === 0
        ? null
        : {
            epoch: Math.max(...settled.map(({ settledEpoch }) => settledEpoch ?? 0)),
            payments: settled.map(({ payment }) => payment),
          },
  }));
}
