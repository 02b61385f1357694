import { type Kysely, sql } from 'kysely';
import type { Migrations } from '../../database/migrate.ts';
import { writeLetters } from './letters.ts';
import { readMessage } from './message-text.ts';
import { packTables } from './pack-tables.ts';

/**
 * The schema, step by step; a step that has been released is never edited. Every hot table is keyed
 * by the purse whose shard it belongs to, so that the schema shards by that column.
 */
export const MIGRATIONS: Migrations = {
  '0001-ledger': {
    up: async (db) => {
      for (const statement of [...SHARD_TABLES, ...SHARED_TABLES, ...IMMUTABLE]) {
        await sql.raw(statement).execute(db);
      }
    },
  },
  '0002-lost-devices': {
    up: async (db) => {
      for (const statement of LOST_DEVICES) await sql.raw(statement).execute(db);
    },
  },
  '0003-parcels': { up: packOutbox },
  '0004-fewer-indexes': {
    up: async (db) => {
      for (const statement of FEWER_INDEXES) await sql.raw(statement).execute(db);
    },
  },
  '0005-upload-digests': {
    up: async (db) => {
      await sql`alter table answer add column upload bytea`.execute(db);
    },
  },
  '0006-journal': { up: packTables },
  '0007-wide-sums': {
    up: async (db) => {
      for (const statement of WIDE_SUMS) await sql.raw(statement).execute(db);
    },
  },
  '0008-console': {
    up: async (db) => {
      for (const statement of CONSOLE) await sql.raw(statement).execute(db);
    },
  },
};

/** Codes and identifiers sort by their bytes, as the memory store sorts them. */
const TEXT = 'text collate "C"';

const SHARD_TABLES: readonly string[] = [
  `create table purse (
    id bytea primary key,
    participant ${TEXT} not null,
    account ${TEXT} not null,
    currency int8 not null,
    proven_seq int8 not null,
    epoch int8 not null,
    rolled_back bool not null,
    standing ${TEXT} not null check (standing in ('sound', 'suspect', 'culprit')),
    reason ${TEXT},
    exposed int8 not null,
    loss_revision int8 not null,
    fork_seq int8,
    closing_id bytea,
    closing_seq int8,
    closing_floor int8,
    load_seq int8 not null,
    load_head bytea not null,
    revoked_at int8
  )`,
  `create table fact (
    purse bytea not null,
    key bytea not null,
    id bytea not null,
    seq int8 not null,
    kind int8 not null,
    alg int8 not null,
    kid bytea not null,
    external bytea not null,
    payload bytea not null,
    salt bytea,
    evidence bytea,
    signature bytea,
    primary key (purse, key),
    check (salt is not null or signature is not null)
  )`,
  'create index fact_by_position on fact (purse, seq)',
  'create index fact_by_id on fact (id, purse)',
  `create table claim (
    purse bytea not null,
    key bytea not null,
    seq int8 not null,
    entry bytea not null,
    primary key (purse, key)
  )`,
  `create table gap (
    purse bytea not null,
    head bytea not null,
    seq int8 not null,
    primary key (purse, head)
  )`,
  `create table payer_half (
    purse bytea not null,
    payment bytea not null,
    seq int8 not null,
    kid bytea not null,
    payee bytea not null,
    payee_purse bytea,
    currency int8 not null,
    amount int8 not null check (amount > 0),
    hop int8 not null,
    accept_by int8 not null,
    in_log bool not null,
    accepted bool not null,
    voided bool not null,
    closed bool not null,
    restored bool not null,
    unload ${TEXT},
    settled_epoch int8,
    primary key (purse, payment)
  )`,
  'create index payer_half_by_payment on payer_half (payment)',
  `create index payer_half_waiting on payer_half (purse)
    where unload in ('held', 'frozen') or (closed and not restored)`,
  `create index payer_half_settled on payer_half (purse, settled_epoch)
    where settled_epoch is not null`,
  `create table payee_half (
    purse bytea not null,
    payment bytea not null,
    payer bytea not null,
    payer_purse bytea,
    payer_participant ${TEXT} not null,
    currency int8 not null,
    amount int8 not null check (amount > 0),
    hop int8 not null,
    accept_by int8 not null,
    addressed bool not null,
    receipt_version int8,
    voided bool not null,
    closed bool not null,
    revoked_at int8,
    credited bool not null,
    revision int8 not null,
    primary key (purse, payment)
  )`,
  'create index payee_half_by_payment on payee_half (payment)',
  `create index payee_half_open on payee_half (purse, accept_by)
    where receipt_version is null and not closed`,
  `create table posting (
    purse bytea not null,
    cause bytea not null,
    kind ${TEXT} not null,
    revision int8 not null,
    participant ${TEXT} not null,
    counterparty ${TEXT} not null,
    currency int8 not null,
    debit ${TEXT} not null,
    credit ${TEXT} not null,
    amount int8 not null check (amount > 0),
    primary key (purse, cause, kind, revision),
    check (debit <> credit)
  )`,
  `create table balance (
    purse bytea not null,
    account ${TEXT} not null,
    participant ${TEXT} not null,
    counterparty ${TEXT} not null,
    currency int8 not null,
    balance int8 not null,
    primary key (purse, account, participant, counterparty, currency)
  )`,
  `create table decision (
    purse bytea not null,
    kind ${TEXT} not null,
    cause bytea not null,
    wire bytea not null,
    external bytea not null,
    time int8 not null,
    version int8 not null,
    primary key (purse, kind, cause)
  )`,
  `create index decision_of_load on decision (purse, external) where kind = 'load'`,
  `create index decision_of_revocation on decision (cause) where kind = 'revocation'`,
  `create table answer (
    purse bytea not null,
    statement bytea not null,
    epoch int8 not null,
    acked_to int8 not null,
    wire bytea not null,
    primary key (purse, statement)
  )`,
  `create table proof (
    purse bytea not null,
    digest bytea not null,
    certificate bytea not null,
    kind int8 not null,
    wire bytea not null,
    time int8 not null,
    primary key (purse, digest)
  )`,
  `create table outbox (
    position int8 generated always as identity,
    sender bytea not null,
    id ${TEXT} not null,
    addressee ${TEXT} not null,
    message text not null,
    primary key (sender, id)
  )`,
  'create index outbox_in_order on outbox (position)',
];

const SHARED_TABLES: readonly string[] = [
  `create table certificate (
    ref bytea primary key,
    purse bytea,
    participant ${TEXT} not null,
    from_seq int8 not null,
    status_index int8 not null,
    alg int8 not null,
    key bytea not null,
    expires int8 not null,
    wire bytea not null
  )`,
  'create index certificate_of_purse on certificate (purse)',
  `create table status_list (
    version int8 primary key,
    issued_at int8 not null,
    revoked int4[] not null,
    wire bytea not null
  )`,
  `create table document (key ${TEXT} primary key, value bytea not null)`,
];

/** What has been written into these stays as it is, whoever is connected. */
const IMMUTABLE: readonly string[] = [
  `create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'rows of % are never changed or removed', tg_table_name
      using errcode = 'restrict_violation';
  end $$`,
  ...['fact', 'posting', 'decision', 'answer', 'proof', 'certificate', 'status_list'].flatMap(
    (table) => [
      `create trigger ${table}_is_immutable before update or delete on ${table}
        for each row execute function refuse_change()`,
      `create trigger ${table}_is_kept before truncate on ${table}
        for each statement execute function refuse_change()`,
    ],
  ),
];

/** Reports of lost devices: a purse's horizon, and what has been refunded after it. */
const LOST_DEVICES: readonly string[] = [
  `alter table purse
    add column synced_at int8,
    add column horizon int8,
    add column refund_pending bool not null default false,
    add column refunds int8 not null default 0,
    add column refunded int8 not null default 0`,
  'create index purse_reported_lost on purse (id) where horizon is not null',
  'create index purse_refund_pending on purse (horizon) where refund_pending',
];

/**
 * An index is written for every payment. A fact's position is part of its key, which one index then
 * finds by either; the payee's half is found through the payer's, or through the load.
 */
const FEWER_INDEXES: readonly string[] = [
  'alter table fact drop constraint fact_pkey, add primary key (purse, seq, key)',
  'drop index fact_by_position',
  'drop index payee_half_by_payment',
  'create index payee_half_misaddressed on payee_half (payment) where not addressed',
  `create index decision_of_load_by_cause on decision (cause) where kind = 'load'`,
];

/**
 * Two devices that lie can sign for more than eight bytes hold; and an answer that has no room for all
 * that has settled leaves the rest to the next.
 */
const WIDE_SUMS: readonly string[] = [
  'alter table purse alter column exposed type numeric, alter column refunded type numeric',
  'alter table balance alter column balance type numeric',
  'alter table purse add column untold_since int8, add column untold_told int8',
];

/** What operators ask: how far a status list has spread, and which purses an account has. */
const CONSOLE: readonly string[] = [
  'alter table purse add column list_version int8',
  'create index purse_of_account on purse (account, id)',
];

/** Letters lie in one row a transaction, where they had one each. */
async function packOutbox(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table parcel (
      position int8 generated always as identity primary key,
      letters bytea not null,
      count int4 not null
    )`.execute(db);
  // What is deleted within seconds is not worth packing.
  await sql`alter table parcel alter column letters set storage external`.execute(db);
  const { rows } = await sql<{ sender: string; addressee: string; message: string }>`
    select encode(sender, 'hex') as sender, addressee, message from outbox order by position`.execute(
    db,
  );
  const letters = rows.map(({ sender: from, addressee: to, message }) => ({
    from,
    to,
    message: readMessage(message),
  }));
  if (letters.length > 0) {
    await sql`
      insert into parcel (letters, count) values (${writeLetters(letters)}, ${letters.length})`.execute(
      db,
    );
  }
  await sql`drop table outbox`.execute(db);
}
