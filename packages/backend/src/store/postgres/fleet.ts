import type { Seconds } from '@tallystick/protocol';
import { type Kysely, sql } from 'kysely';
import type { Fleet } from '../port.ts';
import { counts } from './table.ts';

type Db = Kysely<unknown>;

/** All purses, counted: one look at the whole table, for a person who waits for it. */
export async function fleetOf(db: Db, since: readonly Seconds[], lists: number): Promise<Fleet> {
  const { rows } = await sql<
    Record<'purses' | 'suspect' | 'culprit' | 'revoked' | 'lost' | 'never', bigint>
  >`
    select count(*) as purses,
      count(*) filter (where standing = 'suspect') as suspect,
      count(*) filter (where standing = 'culprit') as culprit,
      count(revoked_at) as revoked,
      count(horizon) as lost,
      count(*) filter (where synced_at is null) as never
    from purse`.execute(db);
  const synced = await sql<{ purses: bigint }>`
    select (select count(*) from purse where synced_at >= moment) as purses
    from unnest(${counts(since)}) with ordinality as asked (moment, place) order by place`.execute(
    db,
  );
  const had = await sql<{ version: bigint | null; purses: bigint }>`
    select list_version as version, count(*) as purses from purse
    group by list_version order by list_version desc nulls last limit ${lists}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('a sum over no rows has a row');
  return {
    purses: Number(row.purses),
    suspect: Number(row.suspect),
    culprit: Number(row.culprit),
    revoked: Number(row.revoked),
    lost: Number(row.lost),
    syncedSince: synced.rows.map(({ purses }) => Number(purses)),
    neverSynced: Number(row.never),
    lists: had.rows.map(({ version, purses }) => ({
      version: version === null ? null : Number(version),
      purses: Number(purses),
    })),
  };
}
