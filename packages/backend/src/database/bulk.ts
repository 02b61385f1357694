import { type Kysely, type RawBuilder, sql } from 'kysely';
import { binaryArray, type Cell, type ColumnType, sqlType } from './binary-array.ts';

/** One column of the rows that are written, a value for each row. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: readonly Cell[];
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
  options: BulkOptions = {},
): Promise<number> {
  if (columns.every(({ values }) => values.length === 0)) return 0;
  const arrays = bulkArrays(table, columns);
  const names = columns.map(({ name }) => sql.ref(name));
  const conflict = sql.raw(options.onConflict === 'skip' ? 'on conflict do nothing' : '');
  const result = await sql`
    insert into ${sql.table(table)} (${sql.join(names)})
    select * from unnest(${sql.join(arrays)}) ${conflict}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * The columns as arrays for `unnest`, in their order.
 *
 * @throws RangeError for a value that its column cannot hold exactly, or columns of different lengths
 */
export function bulkArrays(table: string, columns: readonly Column[]): RawBuilder<unknown>[] {
  const count = columns[0]?.values.length ?? 0;
  return columns.map(({ name, type, values }) => {
    if (values.length !== count) {
      throw new RangeError(`${table}.${name} has ${values.length} values for ${count} rows`);
    }
    const array = binaryArray(type, values as never, `${table}.${name}`);
    return sql`${array}::${sql.raw(sqlType(type))}[]`;
  });
}
