import { type Kysely, sql } from 'kysely';
import { migrate } from '../database/migrate.ts';
import type { OutboxRow } from './messages.ts';
import type { ListTransaction, Store, View } from './port.ts';
import { type AtHand, certificatesOf, findCertificates } from './postgres/certificates.ts';
import { postgresDocuments } from './postgres/documents.ts';
import { readMessage } from './postgres/message-text.ts';
import { MIGRATIONS } from './postgres/migrations.ts';
import { postgresReports } from './postgres/reports.ts';
import { names, texts } from './postgres/table.ts';
import { DECISIONS } from './postgres/tables.ts';
import { postgresTransaction } from './postgres/transaction.ts';
import { addMessages } from './postgres/write.ts';
import type { ListRow } from './rows.ts';
import { toHex } from '@tallystick/protocol';

type Db = Kysely<unknown>;

/** Held while a status list is made: there is one newest list. */
const LIST_LOCK = 0x6c_69_73_74;

/**
 * A store in PostgreSQL, brought forward to this code's schema. It closes `db` with itself.
 *
 * @throws DatabaseError of the migrations
 */
export async function openPostgresStore(db: Db): Promise<Store> {
  await migrate(db, MIGRATIONS);
  const atHand: AtHand = new Map();
  return {
    ...viewOf(db, atHand),
    transaction: (purses, work) =>
      db.transaction().execute(async (trx) => work(await postgresTransaction(trx, atHand, purses))),
    listing: (work) =>
      db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${LIST_LOCK})`.execute(trx);
        return work(listTransaction(trx));
      }),
    exclusive: (lock, work) =>
      db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(trx);
        return work(postgresDocuments(trx));
      }),
    view: (work) =>
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((trx) => work(viewOf(trx, new Map()))),
    acknowledge: async (rows) => {
      const senders = names(rows.map(({ from }) => from));
      const ids = texts(rows.map(({ id }) => id));
      await sql`
        delete from outbox where (sender, id) in (select * from unnest(${senders}, ${ids}))`.execute(
        db,
      );
    },
    close: () => db.destroy(),
  };
}

function viewOf(db: Db, atHand: AtHand): View {
  return {
    certificates: (refs) => findCertificates(db, atHand, refs),
    certificatesOf: (purses) => certificatesOf(db, purses),
    latestList: () => latestList(db),
    outbox: (limit) => readOutbox(db, limit),
    reports: postgresReports(db),
  };
}

function listTransaction(db: Db): ListTransaction {
  return {
    certificatesOf: (purses) => certificatesOf(db, purses),
    latest: () => latestList(db),
    publish: async (list, revocations, outbox) => {
      await sql`
        insert into status_list (version, issued_at, revoked, wire)
        values (${list.version}, ${list.issuedAt}, ${[...list.revoked]}, ${list.wire})`.execute(db);
      await DECISIONS.insert(db, revocations);
      await addMessages(db, outbox);
    },
  };
}

async function latestList(db: Db): Promise<ListRow | null> {
  const { rows } = await sql<{
    version: bigint;
    issued_at: bigint;
    revoked: number[];
    wire: Uint8Array;
  }>`select version, issued_at, revoked, wire from status_list order by version desc limit 1`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { version, issued_at: issuedAt, revoked, wire } = row;
  return { version: Number(version), issuedAt: Number(issuedAt), revoked, wire };
}

async function readOutbox(db: Db, limit: number): Promise<OutboxRow[]> {
  const { rows } = await sql<{
    sender: Uint8Array;
    id: string;
    addressee: string;
    message: string;
  }>`
    select sender, id, addressee, message from outbox order by position limit ${limit}`.execute(db);
  return rows.map(({ sender, id, addressee, message }) => ({
    from: toHex(sender),
    id,
    to: addressee,
    message: readMessage(message),
  }));
}
