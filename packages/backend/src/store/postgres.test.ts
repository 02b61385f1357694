import { type Kysely, sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { connect } from '../database/connect.ts';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import { openPostgresStore } from './postgres.ts';
import { MIGRATIONS } from './postgres/migrations.ts';
import { describeStore } from './testing/conformance.ts';
import { ALICE, certificate, decision, fact, id, posting, purse } from './testing/rows.ts';

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

describeStore('PostgreSQL', (use) =>
  server.withDatabase(async (db) => {
    await use(await openPostgresStore(db));
  }),
);

describe('the database itself', () => {
  const filled = async (db: Kysely<unknown>): Promise<void> => {
    const store = await openPostgresStore(db);
    const wire = Uint8Array.of(1);
    await store.transaction([ALICE], (tx) =>
      tx.write({
        purses: [purse(ALICE)],
        certificates: [certificate(1)],
        facts: [fact(1)],
        postings: [posting(1)],
        decisions: [decision(1)],
        answers: [{ purse: ALICE, statement: id(1), epoch: 1, ackedTo: 1, upload: null, wire }],
        proofs: [{ purse: ALICE, digest: id(1), certificate: ALICE, kind: 1, wire, time: 1 }],
      }),
    );
    await store.listing((tx) => tx.publish({ version: 1, issuedAt: 1, revoked: [], wire }, [], []));
  };

  test.each(['journal', 'decision', 'answer', 'proof', 'certificate', 'status_list'])(
    'lets nobody change, remove or empty %s',
    (table) =>
      server.withDatabase(async (db) => {
        await filled(db);
        const column = table === 'journal' ? 'bodies' : 'wire';
        for (const statement of [
          `update ${table} set ${column} = '\\x00'`,
          `delete from ${table}`,
          `truncate ${table}`,
        ]) {
          await expect(sql.raw(statement).execute(db)).rejects.toThrow(
            `rows of ${table} are never changed or removed`,
          );
        }
        const { rows } = await sql<{ n: bigint }>`
          select count(*) as n from ${sql.table(table)}`.execute(db);
        expect(rows).toEqual([{ n: 1n }]);
      }),
  );

  test('numbers what is added to a purse, so that nothing is added twice side by side', () =>
    server.withDatabase(async (db) => {
      await filled(db);
      const store = await openPostgresStore(db);
      await store.transaction([ALICE], (tx) => tx.write({ facts: [fact(2)] }));
      const { rows } = await sql<{ number: bigint; journal: bigint }>`
        select number, (select journal from purse) as journal from journal order by number`.execute(
        db,
      );
      expect(rows).toEqual([
        { number: 1n, journal: 2n },
        { number: 2n, journal: 2n },
      ]);
      // As if another transaction had not waited for this one.
      await sql`update purse set journal = 1`.execute(db);
      const late = store.transaction([ALICE], (tx) => tx.write({ postings: [posting(2)] }));
      await expect(late).rejects.toThrow('duplicate key');
    }));

  test('is found again by the next process', async () => {
    const url = await server.createDatabase();
    for (const epoch of [1, 2]) {
      const store = await openPostgresStore(await connect(url));
      const before = await store.reports.purse(ALICE);
      expect(before?.epoch ?? 1).toBe(1);
      await store.transaction([ALICE], (tx) => tx.write({ purses: [purse(ALICE, { epoch })] }));
      await store.close();
    }
  });
});
