import { serialize } from 'node:v8';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { migrate } from '../../database/migrate.ts';
import { testServer } from '../../database/testing.ts';
import { openPostgresStore } from '../postgres.ts';
import { ALICE, BOB, fact, id, payeeHalf, payerHalf, posting } from '../testing/rows.ts';
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

test('facts, postings, halves and letters that had rows of their own are packed (0006-journal)', () =>
  server.withDatabase(async (db) => {
    const steps = Object.entries(MIGRATIONS).filter(([name]) => name < '0006');
    await migrate(db, Object.fromEntries(steps));
    const [entry, signed] = [fact(1, { evidence: Uint8Array.of(5) }), SIGNED];
    const letter = { from: ALICE, to: BOB, message: { kind: 'wanted', payment: id(1) } } as const;
    await sql`insert into purse values (${bytes(ALICE)}, 'ALFA', ${`of ${ALICE}`}, 978,
      0, 3, false, 'sound', null, 0, 0, null, null, null, null, 0, ${bytes('00'.repeat(32))}, null)`.execute(
      db,
    );
    for (const row of [entry, signed]) {
      await sql`insert into fact values (${bytes(row.purse)}, ${bytes(row.key)}, ${bytes(row.id)},
        ${row.seq}, ${row.kind}, ${row.alg}, ${bytes(row.kid)}, ${row.external}, ${row.payload},
        ${row.salt}, ${row.evidence}, ${row.signature})`.execute(db);
    }
    await sql`insert into posting values (${bytes(ALICE)}, ${bytes(id(4))}, 'debit', 0, 'ALFA', '',
      978, 'float', 'inFlight', 4)`.execute(db);
    for (const epoch of [null, 2]) {
      await sql`insert into payer_half values (${bytes(ALICE)}, ${bytes(id(epoch ?? 1))},
        ${epoch ?? 1}, ${bytes(ALICE)}, ${bytes(BOB)}, ${bytes(BOB)}, 978, 9007199254740991, 1,
        ${1_700_000_000 + (epoch ?? 1)}, true, ${epoch !== null}, false, false, false, null, ${epoch})`.execute(
        db,
      );
    }
    await sql`insert into payee_half values (${bytes(ALICE)}, ${bytes(id(3))}, ${bytes(BOB)},
      ${bytes(BOB)}, 'BETA', 978, 3, 1, 1700000003, true, 7, false, false, null, true, 1)`.execute(
      db,
    );
    await sql`insert into parcel (letters, count) values (${serialize([letter])}, 1)`.execute(db);

    const store = await openPostgresStore(db);
    const { reports } = store;
    expect((await reports.facts('', 9)).rows).toEqual([entry, signed]);
    expect((await reports.postings('', 9)).rows).toEqual([posting(4)]);
    const settled = payerHalf(2, { accepted: true, settledEpoch: 2 });
    expect((await reports.payerHalves('', 9)).rows).toEqual([payerHalf(1), settled]);
    expect((await reports.payeeHalves('', 9)).rows).toEqual([
      payeeHalf(3, { receiptVersion: 7, credited: true, revision: 1 }),
    ]);
    expect((await store.outbox(9)).map(({ letters }) => letters)).toEqual([[letter]]);
    await store.transaction([ALICE], async (tx) => {
      expect(await tx.settledSince(ALICE, 2)).toEqual([settled.payment]);
      await tx.write({ facts: [fact(3)] });
    });
    expect((await reports.facts('', 9)).rows).toHaveLength(3);
  }));

/** A record that is known by its signature alone. */
const SIGNED = fact(2, { key: id(2), salt: null, signature: new Uint8Array(64) });

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
