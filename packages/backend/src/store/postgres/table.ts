import type { Bytes } from '@tallystick/protocol';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { binaryArray, type Cell, type ColumnType } from '../../database/binary-array.ts';
import { bulkArrays, bulkInsert, type Column } from '../../database/bulk.ts';

/** How one field of a row lies in its column. */
export interface Field<T> {
  readonly column: string;
  readonly type: ColumnType;
  /** The column is read as lower-case hex. */
  readonly isHex?: boolean;
  write(value: T): Cell;
  read(cell: Cell): T;
}

/** A name: hex in rows, bytes in the table. */
export function name(column: string): Field<string> {
  return {
    column,
    type: 'hex',
    isHex: true,
    write: (value) => value,
    read: (cell) => cell as string,
  };
}

export function bytes(column: string): Field<Bytes> {
  return { column, type: 'bytea', write: (value) => value, read: (cell) => cell as Bytes };
}

export function words<T extends string = string>(column: string): Field<T> {
  return { column, type: 'text', write: (value) => value, read: (cell) => cell as T };
}

export function flag(column: string): Field<boolean> {
  return { column, type: 'bool', write: (value) => value, read: (cell) => cell as boolean };
}

/** A count, position, version or time: a safe integer, in eight bytes since some take 32 bits whole. */
export function count<T extends number = number>(column: string): Field<T> {
  return {
    column,
    type: 'int8',
    write: (value) => BigInt(value),
    read: (cell) => Number(cell) as T,
  };
}

/** Minor units of one payment. */
export function money(column: string): Field<bigint> {
  return { column, type: 'int8', write: (value) => value, read: (cell) => cell as bigint };
}

/** Minor units of many payments: devices that lie can sign for more than eight bytes hold. */
export function sum(column: string): Field<bigint> {
  return { column, type: 'numeric', write: (value) => value, read: (cell) => cell as bigint };
}

export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    ...field,
    write: (value) => (value === null ? null : field.write(value)),
    read: (cell) => (cell === null ? null : field.read(cell)),
  };
}

export type Fields<R> = { readonly [K in keyof R]-?: Field<R[K]> };

type Db = Kysely<unknown>;
type Columns = Readonly<Record<string, Cell>>;

/** One table: how its rows are read and written, whole or many at once. */
export class Table<R extends object> {
  readonly name: string;
  readonly #fields: readonly (readonly [keyof R & string, Field<unknown>])[];
  readonly #key: ReadonlySet<string>;

  /** `key` are the columns of the primary key. */
  constructor(table: string, key: readonly string[], fields: Fields<R>) {
    this.name = table;
    this.#fields = Object.entries(fields) as [keyof R & string, Field<unknown>][];
    this.#key = new Set(key);
  }

  /** Rows that meet a condition, in a given order. */
  async select(db: Db, rest: RawBuilder<unknown>): Promise<R[]> {
    const columns = this.#fields.map(([, { column, isHex }]) => {
      const ref = sql.ref(column);
      // Under a name of its own, so that conditions and orders mean the bytes.
      return isHex === true ? sql`encode(${ref}, 'hex') as ${sql.ref(hexOf(column))}` : ref;
    });
    const { rows } = await sql<Columns>`
      select ${sql.join(columns)} from ${sql.table(this.name)} ${rest}`.execute(db);
    return rows.map((row) => this.#read(row));
  }

  /** Adds rows; all of them are new, or those that are there already are left as they are. */
  async insert(
    db: Db,
    rows: readonly R[] = [],
    onConflict: 'fail' | 'skip' = 'fail',
  ): Promise<void> {
    if (rows.length > 0) await bulkInsert(db, this.name, this.#columns(rows), { onConflict });
  }

  /** Adds rows, or replaces what there is under their keys. */
  async upsert(db: Db, rows: readonly R[] = []): Promise<void> {
    if (rows.length === 0) return;
    const arrays = bulkArrays(this.name, this.#columns(rows));
    const columns = this.#fields.map(([, { column }]) => column);
    const set = columns
      .filter((column) => !this.#key.has(column))
      .map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`);
    await sql`
      insert into ${sql.table(this.name)} (${sql.join(columns.map((column) => sql.ref(column)))})
      select * from unnest(${sql.join(arrays)})
      on conflict (${sql.join([...this.#key].map((column) => sql.ref(column)))})
      do update set ${sql.join(set)}`.execute(db);
  }

  #read(row: Columns): R {
    const out: Partial<Record<keyof R, unknown>> = {};
    for (const [name, field] of this.#fields) {
      const column = field.isHex === true ? hexOf(field.column) : field.column;
      out[name] = field.read(row[column] ?? null);
    }
    return out as R;
  }

  #columns(rows: readonly R[]): Column[] {
    return this.#fields.map(([name, field]) => ({
      name: field.column,
      type: field.type,
      values: rows.map((row) => field.write(row[name])),
    }));
  }
}

function hexOf(column: string): string {
  return `${column}_hex`;
}

/** Names as an array to compare with: `= any(...)`. */
export function names(values: readonly string[]): RawBuilder<unknown> {
  return sql`${binaryArray('hex', values)}::bytea[]`;
}

export function counts(values: readonly number[]): RawBuilder<unknown> {
  return sql`${binaryArray('int8', values.map(BigInt))}::int8[]`;
}

export function texts(values: readonly string[]): RawBuilder<unknown> {
  return sql`${binaryArray('text', values)}::text[]`;
}
