import { type Kysely, sql } from 'kysely';
import { binaryArray, type Cell, type ColumnType } from './binary-array.ts';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

export interface BulkOptions {
  /** What happens to a row whose unique key is taken: the statement fails (default), or it is skipped. */
  readonly onConflict?: 'fail' | 'skip';
}

/**
 * Inserts many rows in one statement, all of them or none, and returns how many were inserted. The
 * best size is 1,000 to 10,000 rows. Two transactions that insert the same keys wait for each other:
 * sort the rows by their key, so that they cannot wait in a circle.
 *
 * @throws RangeError for a value that its column cannot hold exactly (a programmer error)
 */
export async function bulkInsert<DB>(
  db: Kysely<DB>,
  table: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: BulkOptions = {},
): Promise<number> {
  if (rows.length === 0) return 0;
  for (const [index, row] of rows.entries()) {
    if (row.length === columns.length) continue;
    throw new RangeError(`row ${index} for ${table} has ${row.length} of ${columns.length} values`);
  }
  const arrays = columns.map(({ name, type }, index) => {
    const values = rows.map((row) => row[index] as Cell);
    return sql`${binaryArray(type, values, `${table}.${name}`)}::${sql.raw(type)}[]`;
  });
  const names = columns.map(({ name }) => sql.ref(name));
  const conflict = sql.raw(options.onConflict === 'skip' ? 'on conflict do nothing' : '');
  const result = await sql`
    insert into ${sql.table(table)} (${sql.join(names)})
    select * from unnest(${sql.join(arrays)}) ${conflict}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
