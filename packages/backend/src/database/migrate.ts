import { type Kysely, sql, type Transaction } from 'kysely';
import { DatabaseError } from './database-error.ts';

/** One step of the schema, run in a transaction of its own. */
export interface Migration {
  up(db: Transaction<unknown>): Promise<void>;
}

/** Every step there is, by name, in order: '0001-first', '0002-second' and so on without a gap. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Held while a step runs, so that processes that start together take turns. */
const LOCK = 0x74_61_6c_6c;

/**
 * Brings a database forward to this code's schema and returns the names of the steps it took.
 * Forward only: there is no way down, and a database that is ahead of the code is left alone.
 *
 * @throws DatabaseError DATABASE_NEWER_THAN_CODE, DATABASE_OTHER_HISTORY, MIGRATION_FAILED
 */
export async function migrate<DB>(db: Kysely<DB>, migrations: Migrations): Promise<string[]> {
  const steps = Object.entries(migrations);
  assertNumbered(steps.map(([name]) => name));
  const taken: string[] = [];
  for (;;) {
    const name = await db.transaction().execute((trx) => takeNext(trx, steps));
    if (name === null) return taken;
    taken.push(name);
  }
}

/** Takes the next step, if one is left, and returns its name. */
async function takeNext<DB>(
  trx: Transaction<DB>,
  steps: readonly (readonly [string, Migration])[],
): Promise<string | null> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx);
  await sql`
    create table if not exists schema_migration (
      position int4 primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`.execute(trx);
  const applied = await sql<{ name: string }>`
    select name from schema_migration order by position`.execute(trx);
  const names = applied.rows.map((row) => row.name);
  assertPrefix(
    names,
    steps.map(([name]) => name),
  );
  const next = steps[names.length];
  if (next === undefined) return null;
  const [name, migration] = next;
  await run(name, migration, trx);
  await sql`
    insert into schema_migration (position, name) values (${names.length + 1}, ${name})`.execute(
    trx,
  );
  return name;
}

async function run<DB>(name: string, migration: Migration, trx: Transaction<DB>): Promise<void> {
  try {
    // A step knows the schema it finds, which the types of today's code no longer describe.
    await migration.up(trx as unknown as Transaction<unknown>);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseError(
      'MIGRATION_FAILED',
      `The change of the database named ${name} failed and was undone: ${reason}. ` +
        'Nothing is lost: go back to the version that ran before, and report this.',
      error,
    );
  }
}

function assertNumbered(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    const number = String(index + 1).padStart(4, '0');
    if (!name.startsWith(`${number}-`)) throw new Error(`${name} should be numbered ${number}`);
  }
}

function assertPrefix(applied: readonly string[], known: readonly string[]): void {
  for (const [index, name] of applied.entries()) {
    const expected = known[index];
    if (expected === name) continue;
    if (expected === undefined) {
      throw new DatabaseError(
        'DATABASE_NEWER_THAN_CODE',
        `The database was changed by a newer version (${name} is unknown here). ` +
          'Run that version or a newer one.',
      );
    }
    throw new DatabaseError(
      'DATABASE_OTHER_HISTORY',
      `Step ${index + 1} of the database is ${name}, and this version expects ${expected}. ` +
        'It belongs to another program or branch: give the address of another database.',
    );
  }
}
