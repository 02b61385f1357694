import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { migrate } from '../../database/migrate.ts';
import { testServer } from '../../database/testing.ts';
import { openPostgresStore } from '../postgres.ts';
import { ALICE, BOB, id } from '../testing/rows.ts';
import { MIGRATIONS } from './migrations.ts';

const server = testServer<unknown>({ prepare: async () => undefined });
afterAll(() => server.stop());

test('letters that waited one to a row wait on, in their order (0003-parcels)', () =>
  server.withDatabase(async (db) => {
    const steps = Object.entries(MIGRATIONS).filter(([name]) => name < '0003');
    await migrate(db, Object.fromEntries(steps));
    const texts = [
      `{"kind":"closed","payment":"${id(1)}","closure":{"$bytes":"00ff"}}`,
      `{"kind":"credit","payment":"${id(2)}","participant":"ALFA","account":"a","currency":978,"amount":{"$integer":"9007199254740993"},"cause":"unload"}`,
    ];
    for (const [at, text] of texts.entries()) {
      await sql`
        insert into outbox (sender, id, addressee, message)
        values (${Buffer.from(ALICE, 'hex')}, ${`letter ${at}`}, ${at === 0 ? BOB : 'rail'}, ${text})`.execute(
        db,
      );
    }
    const store = await openPostgresStore(db);
    expect((await store.outbox(10)).flatMap(({ letters }) => letters)).toEqual([
      {
        from: ALICE,
        to: BOB,
        message: { kind: 'closed', payment: id(1), closure: Uint8Array.of(0, 255) },
      },
      {
        from: ALICE,
        to: 'rail',
        message: {
          kind: 'credit',
          payment: id(2),
          participant: 'ALFA',
          account: 'a',
          currency: 978,
          amount: 9_007_199_254_740_993n,
          cause: 'unload',
        },
      },
    ]);
  }));
