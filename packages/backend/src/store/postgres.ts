import type { Revocation } from '@tallystick/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { binaryArray } from '../database/binary-array.ts';
import { migrate } from '../database/migrate.ts';
import type { Parcel } from './messages.ts';
import type { ListTransaction, Store, View } from './port.ts';
import { type AtHand, certificatesOf, findCertificates } from './postgres/certificates.ts';
import { postgresDocuments } from './postgres/documents.ts';
import { gather } from './postgres/gather.ts';
import { selectAnswers } from './postgres/gathered.ts';
import { readLetters, writeLetters } from './postgres/letters.ts';
import { MIGRATIONS } from './postgres/migrations.ts';
import { postgresReports } from './postgres/reports.ts';
import { counts } from './postgres/table.ts';
import { DECISIONS } from './postgres/tables.ts';
import { postgresTransaction } from './postgres/transaction.ts';
import { addParcel } from './postgres/write.ts';
import type { ListRow } from './rows.ts';

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
    acknowledge: async (parcels) => {
      const done = parcels.filter(({ letters }) => letters.length === 0);
      await sql`
        delete from parcel where position = any(${positions(done)})`.execute(db);
      for (const { position, letters } of parcels.filter((each) => !done.includes(each))) {
        await sql`
          update parcel set letters = ${writeLetters(letters)}, count = ${letters.length}
          where position = ${position}`.execute(db);
      }
    },
    close: () => db.destroy(),
  };
}

function viewOf(db: Db, atHand: AtHand): View {
  const look = gather(async () => {
    const list = await latestList(db);
    return () => list;
  });
  return {
    certificates: (refs) => findCertificates(db, atHand, refs),
    certificatesOf: (purses) => certificatesOf(db, purses),
    answers: (to) => selectAnswers(db, to),
    // Asked for with every answer: those who ask at once share one look.
    latestList: () => look(null),
    lists: (versions) =>
      selectLists(db, sql`where version = any(${counts(versions)}) order by version`),
    revokedSince: (version, limit) => revokedSince(db, version, limit),
    outbox: (limit, after) => readOutbox(db, limit, after),
    reports: postgresReports(db),
  };
}

function listTransaction(db: Db): ListTransaction {
  return {
    certificatesOf: (purses) => certificatesOf(db, purses),
    latest: () => latestList(db),
    publish: async (list, revocations, letters) => {
      await sql`
        insert into status_list (version, issued_at, revoked, wire)
        values (${list.version}, ${list.issuedAt}, ${[...list.revoked]}, ${list.wire})`.execute(db);
      await DECISIONS.insert(db, revocations);
      await addParcel(db, letters);
    },
  };
}

async function latestList(db: Db): Promise<ListRow | null> {
  const [row] = await selectLists(db, sql`order by version desc limit 1`);
  return row ?? null;
}

async function selectLists(db: Db, rest: RawBuilder<unknown>): Promise<ListRow[]> {
  const { rows } = await sql<{
    version: bigint;
    issued_at: bigint;
    revoked: number[];
    wire: Uint8Array;
  }>`select version, issued_at, revoked, wire from status_list ${rest}`.execute(db);
  return rows.map(({ version, issued_at: issuedAt, revoked, wire }) => ({
    version: Number(version),
    issuedAt: Number(issuedAt),
    revoked,
    wire,
  }));
}

/** Newest first, culprits before others of one list, then by index. */
async function revokedSince(db: Db, version: number, limit: number): Promise<Revocation[]> {
  const { rows } = await sql<{ version: bigint; status_index: bigint }>`
    select decision.version, certificate.status_index
    from decision
    join certificate on certificate.ref = decision.cause
    left join (select distinct certificate from proof) culprit
      on culprit.certificate = decision.cause
    where decision.kind = 'revocation' and decision.version > ${version}
    order by decision.version desc, culprit.certificate is null, certificate.status_index
    limit ${limit}`.execute(db);
  return rows.map((row) => ({
    version: Number(row.version),
    statusIndex: Number(row.status_index),
  }));
}

async function readOutbox(db: Db, limit: number, after = 0n): Promise<Parcel[]> {
  const { rows } = await sql<{ position: bigint; letters: Uint8Array }>`
    select position, letters from (
      select position, letters, sum(count) over (order by position) as counted,
        row_number() over (order by position) as place
      from parcel where position > ${after}
    ) waiting where place = 1 or counted <= ${limit} order by position`.execute(db);
  return rows.map(({ position, letters }) => ({ position, letters: readLetters(letters) }));
}

function positions(parcels: readonly Parcel[]): RawBuilder<unknown> {
  return sql`${binaryArray(
    'int8',
    parcels.map(({ position }) => position),
  )}::int8[]`;
}
