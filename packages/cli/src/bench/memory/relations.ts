import { connect } from '@tallystick/backend';

/** The columns of PostgreSQL's catalogue that are read here. */
interface Catalogue {
  pg_class: { oid: number; relnamespace: number; relkind: string };
  pg_namespace: { oid: number; nspname: string };
}

const TABLE = 'r';

/** Bytes of all tables of a database with their indexes, by `pg_total_relation_size`. */
export async function relationBytes(databaseUrl: string): Promise<number> {
  const db = await connect<Catalogue>(databaseUrl, { maxConnections: 1 });
  try {
    const tables = await db
      .selectFrom('pg_class')
      .innerJoin('pg_namespace', 'pg_namespace.oid', 'pg_class.relnamespace')
      .where('nspname', '=', 'public')
      .where('relkind', '=', TABLE)
      .select(({ fn }) => fn<bigint>('pg_total_relation_size', ['pg_class.oid']).as('bytes'))
      .execute();
    return tables.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  } finally {
    await db.destroy();
  }
}
