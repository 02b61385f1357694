import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { connect } from './connect.ts';
import { type Migration, type Migrations, migrate } from './migrate.ts';
import { testServer } from './testing.ts';

const server = testServer<unknown>();
afterAll(() => server.stop());

/** A step that fails unless it is the first to make its table. */
const makes = (table: string): Migration => ({
  up: async (db) => {
    await db.schema.createTable(table).addColumn('id', 'int8').execute();
  },
});

const ONE: Migrations = { '0001-one': makes('one') };
const TWO: Migrations = { ...ONE, '0002-two': makes('two') };

describe('migrations', () => {
  test('run once, in order, and only what is missing', () =>
    server.withDatabase(async (db) => {
      expect(await migrate(db, ONE)).toEqual(['0001-one']);
      expect(await migrate(db, TWO)).toEqual(['0002-two']);
      expect(await migrate(db, TWO)).toEqual([]);
      const { rows } = await sql`
        select position, name from schema_migration order by position`.execute(db);
      expect(rows).toEqual([
        { position: 1, name: '0001-one' },
        { position: 2, name: '0002-two' },
      ]);
    }));

  test('run once when several processes start together', () =>
    server.withDatabase(async (db, url) => {
      const others = await Promise.all([connect<unknown>(url), connect<unknown>(url)]);
      const taken = await Promise.all([db, ...others].map((each) => migrate(each, TWO)));
      expect(taken.flat().sort()).toEqual(['0001-one', '0002-two']);
      for (const other of others) await other.destroy();
    }));

  test('refuse a database that a newer version changed', () =>
    server.withDatabase(async (db) => {
      await migrate(db, TWO);
      await expect(migrate(db, ONE)).rejects.toMatchObject({
        code: 'DATABASE_NEWER_THAN_CODE',
        message: expect.stringMatching(/0002-two is unknown here.*Run that version/) as string,
      });
    }));

  test('refuse a database with another history', () =>
    server.withDatabase(async (db) => {
      await migrate(db, ONE);
      const other = { '0001-other': makes('other'), '0002-two': makes('two') };
      await expect(migrate(db, other)).rejects.toMatchObject({
        code: 'DATABASE_OTHER_HISTORY',
        message: expect.stringContaining('is 0001-one, and this version expects') as string,
      });
    }));

  test('leave nothing of a step that fails, and can go on later', () =>
    server.withDatabase(async (db) => {
      const broken: Migrations = {
        ...ONE,
        '0002-two': {
          up: async (trx) => {
            await makes('two').up(trx);
            await sql`select 1 / 0`.execute(trx);
          },
        },
      };
      await expect(migrate(db, broken)).rejects.toMatchObject({
        code: 'MIGRATION_FAILED',
        message: expect.stringMatching(
          /0002-two failed and was undone: division by zero/,
        ) as string,
      });
      expect(await migrate(db, TWO)).toEqual(['0002-two']);
    }));

  test('must be numbered without a gap', () =>
    server.withDatabase(async (db) => {
      const gap = { ...ONE, '0003-three': makes('three') };
      await expect(migrate(db, gap)).rejects.toThrow('0003-three should be numbered 0002');
    }));
});
