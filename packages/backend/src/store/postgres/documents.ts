import type { Bytes } from '@tallystick/protocol';
import { type Kysely, sql } from 'kysely';
import type { Documents } from '../port.ts';

/** Documents within one transaction. */
export function postgresDocuments(db: Kysely<unknown>): Documents {
  return {
    get: async (key) => {
      const { rows } = await sql<{ value: Bytes }>`
        select value from document where key = ${key}`.execute(db);
      return rows[0]?.value ?? null;
    },
    put: async (key, value) => {
      await sql`
        insert into document (key, value) values (${key}, ${value})
        on conflict (key) do update set value = excluded.value`.execute(db);
    },
    delete: async (key) => {
      await sql`delete from document where key = ${key}`.execute(db);
    },
    list: async (prefix, after, limit) => {
      const { rows } = await sql<{ key: string; value: Bytes }>`
        select key, value from document
        where starts_with(key, ${prefix}) and key > ${after} order by key limit ${limit}`.execute(
        db,
      );
      return rows;
    },
  };
}
