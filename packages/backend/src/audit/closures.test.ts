import {
  closure,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  NO_EXTERNAL,
  RECORD,
  recordId,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import type { Handed, ScriptedPurse } from '../reconciliation/testing/purse.ts';
import { World } from '../reconciliation/testing/world.ts';
import { unhex } from '../store/hex.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import { MIGRATIONS } from '../store/postgres/migrations.ts';
import { openPostgresStore } from '../store/postgres.ts';
import type { DecisionRow } from '../store/rows.ts';
import { auditOf } from './testing/audit-of.ts';
import { type Paid, paidHistory, takenBack } from './testing/paid.ts';
import { tampered } from './testing/tamper.ts';

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

/** A closure that the issuer really signed, as the decision of a shard. */
async function closing(
  { context, now }: World,
  of: { readonly purse: string; readonly payment: string; readonly statement: string },
): Promise<DecisionRow> {
  const message = { paymentId: unhex(of.payment), statementId: unhex(of.statement), time: now };
  const signed = await context.issuer.sign('ALFA', {
    external: NO_EXTERNAL,
    payload: encodeCbor(closure.encode(message)),
  });
  return {
    purse: of.purse,
    kind: 'closure',
    cause: of.payment,
    wire: encodeSigned(signed),
    external: NO_EXTERNAL,
    time: now,
    version: 0,
  };
}

function idOf(signed: Signed): string {
  return toHex(recordId(signed));
}

function lastStatement({ stated }: ScriptedPurse): string {
  const last = stated.at(-1);
  if (last === undefined) throw new Error('it has made no statement');
  return idOf(decodeSigned(last.bytes));
}

/** Closes what the payee has accepted, with all that follows from it in both shards. */
async function closeAccepted(
  { world, alice, bob, handed, payer, payee }: Paid,
  statement: string,
): Promise<void> {
  const { revision, posting } = takenBack(payee);
  const of = { payment: handed.id, statement };
  const decisions = [
    await closing(world, { ...of, purse: alice.id }),
    await closing(world, { ...of, purse: bob.id }),
  ];
  await world.store.transaction([alice.id, bob.id], (tx) =>
    tx.write({
      payerHalves: [{ ...payer, closed: true }],
      payeeHalves: [{ ...payee, closed: true, credited: false, revision }],
      postings: [posting],
      decisions,
    }),
  );
}

async function faultsIn(world: World, seen?: Pick<Store, 'view'>): Promise<string[]> {
  const { differences } = await auditOf(world, seen);
  return differences.flatMap(({ subject, computed }) => (subject === 'decision' ? computed : []));
}

describe('the audit finds a closure of an accepted payment', () => {
  const EARLY = ['its statement came too early', 'its statement came too early'];

  test('made before its time, in memory and in PostgreSQL', async () => {
    const paid = await paidHistory(createMemoryStore());
    expect(await faultsIn(paid.world)).toEqual([]);
    await closeAccepted(paid, lastStatement(paid.bob));
    expect(await paid.world.float(paid.bob)).toBe(0n);
    expect(await faultsIn(paid.world)).toEqual(EARLY);
    await server.withDatabase(async (db) => {
      const stored = await paidHistory(await openPostgresStore(db));
      await closeAccepted(stored, lastStatement(stored.bob));
      expect(await faultsIn(stored.world)).toEqual(EARLY);
    });
  });

  test('after its time, although its receipt is in the log', async () => {
    const paid = await paidHistory(createMemoryStore());
    await passTime(paid.world, paid.bob);
    await closeAccepted(paid, lastStatement(paid.bob));
    const fault = 'its statement’s log has a receipt';
    expect(await faultsIn(paid.world)).toEqual([fault, fault]);
  });

  test('on a statement of somebody else, or one that is none', async () => {
    const paid = await paidHistory(createMemoryStore());
    await passTime(paid.world, paid.alice);
    await closeAccepted(paid, lastStatement(paid.alice));
    const fault = 'its statement is not known';
    expect(await faultsIn(paid.world)).toEqual([fault, fault]);
    const receipted = await paidHistory(createMemoryStore());
    const { rows } = await receipted.world.store.reports.facts('', 100);
    const receipt = rows.find(({ kind }) => kind === RECORD.receipt)?.id ?? '';
    await closeAccepted(receipted, receipt);
    expect(await faultsIn(receipted.world)).toEqual([fault, fault]);
  });

  test('whose receipt was taken out of the facts', async () => {
    const paid = await paidHistory(createMemoryStore());
    await passTime(paid.world, paid.bob);
    await closeAccepted(paid, lastStatement(paid.bob));
    const seen = tampered(paid.world.store, 'facts', (row) =>
      row.purse === paid.bob.id && row.kind === RECORD.receipt ? [] : [row],
    );
    const fault = 'its statement’s log has a hole';
    expect(await faultsIn(paid.world, seen)).toEqual([fault, fault]);
  });
});

/** A purse hears of a time after the last payment's, and says so in a statement. */
async function passTime(world: World, purse: ScriptedPurse): Promise<void> {
  world.now += 3_601;
  await world.sync(purse);
  purse.adopt({});
  await world.sync(purse);
}

describe('the audit agrees with a closure', () => {
  async function unanswered(): Promise<{
    readonly world: World;
    readonly bob: ScriptedPurse;
    readonly handed: Handed;
  }> {
    const world = await new World(createMemoryStore()).open();
    const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob')];
    await world.load(alice, 1_000n);
    const handed = alice.pay(bob, 300n);
    await world.sync(alice);
    return { world, bob, handed };
  }

  test('of what a log lacks, down to its start', async () => {
    const { world, bob, handed } = await unanswered();
    await world.sync(bob);
    await passTime(world, bob);
    const { payer, payee } = await world.store.reports.payment(handed.id);
    expect([payer?.closed, payee?.closed]).toEqual([true, true]);
    expect((await auditOf(world)).differences).toEqual([]);
  });

  test('of what another branch of the log turns out to have', async () => {
    const { world, bob, handed } = await unanswered();
    await world.sync(bob);
    const clone = bob.copy();
    clone.accept(handed);
    clone.adopt({});
    await passTime(world, bob);
    await world.sync(clone);
    const { payee } = await world.store.reports.payment(handed.id);
    expect(payee).toMatchObject({ closed: true, receiptVersion: 1, credited: false });
    expect((await auditOf(world)).differences).toEqual([]);
    await world.sync(bob);
    await world.sync(clone);
    expect((await auditOf(world)).differences).toEqual([]);
  });
});
