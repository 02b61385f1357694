import {
  encodeSigned,
  ES256,
  NO_EXTERNAL,
  type StatusList,
  statusBits,
  statusIndices,
  toHex,
  unsignedStatusList,
} from '@tallystick/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../database/migrate.ts';
import { testServer } from '../database/testing.ts';
import { revoke } from '../reconciliation/revocations.ts';
import { crookedHistory } from '../reconciliation/testing/histories.ts';
import { type Party, signWith } from '../reconciliation/testing/scheme.ts';
import type { World } from '../reconciliation/testing/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';
import { MIGRATIONS } from '../store/postgres/migrations.ts';
import { openPostgresStore } from '../store/postgres.ts';
import type { DecisionRow, ListRow } from '../store/rows.ts';
import type { Difference } from './index.ts';
import { auditOf } from './testing/audit-of.ts';
import { type Paid, paidHistory, takenBack } from './testing/paid.ts';
import { tampered, withList } from './testing/tamper.ts';

const server = testServer<unknown>({ prepare: (db) => migrate(db, MIGRATIONS) });
afterAll(() => server.stop());

async function found(world: World, seen?: Pick<Store, 'view'>): Promise<string[]> {
  const { differences } = await auditOf(world, seen);
  return differences.map(({ subject, computed }: Difference) => `${subject}: ${computed}`);
}

/** Strips the payee of its credit, as if its payer had been revoked when it accepted. */
async function revokeByHand({ world, alice, bob, payee }: Paid): Promise<void> {
  const { revision, posting } = takenBack(payee);
  const revocation: DecisionRow = {
    purse: alice.id,
    kind: 'revocation',
    cause: toHex(alice.certificate.ref),
    wire: NO_EXTERNAL,
    external: NO_EXTERNAL,
    time: world.now,
    version: 1,
  };
  const row = await world.row(alice);
  await world.store.transaction([alice.id, bob.id], (tx) =>
    tx.write({
      purses: [{ ...row, revokedAt: 1 }],
      payeeHalves: [{ ...payee, revokedAt: 1, credited: false, revision }],
      postings: [posting],
      decisions: [revocation],
    }),
  );
}

describe('the audit finds a revocation', () => {
  test('that no list has, in memory and in PostgreSQL', async () => {
    const paid = await paidHistory(createMemoryStore());
    await revokeByHand(paid);
    expect(await paid.world.float(paid.bob)).toBe(0n);
    expect(await found(paid.world)).toEqual(['decision: no list revokes it']);
    await server.withDatabase(async (db) => {
      const stored = await paidHistory(await openPostgresStore(db));
      await revokeByHand(stored);
      expect(await found(stored.world)).toEqual(['decision: no list revokes it']);
    });
  });

  const CHANGES: Readonly<Record<string, (row: DecisionRow) => DecisionRow>> = {
    'by a list that is not there yet': (row) => ({ ...row, version: row.version + 1 }),
    'by no list at all': (row) => ({ ...row, version: 0 }),
    'of a certificate of another purse': (row) => ({ ...row, purse: '00'.repeat(8) }),
    'of a certificate that nobody has': (row) => ({ ...row, cause: '00'.repeat(8) }),
  };

  test.each(Object.entries(CHANGES))('%s', async (_name, change) => {
    const world = await crookedHistory(createMemoryStore());
    const seen = tampered(world.store, 'decisions', (row) =>
      row.kind === 'revocation' ? [change(row)] : [row],
    );
    expect(await found(world, seen)).toContainEqual(expect.stringMatching(/^decision: no/));
  });

  test('that came with a list before the one that names its certificate, or after', async () => {
    const { world, alice } = await paidHistory(createMemoryStore());
    await revoke([], 'fresh', world.context);
    await revoke([alice.id], 'stolen', world.context);
    await world.settle();
    await revoke([], 'fresh again', world.context);
    expect(await found(world)).toEqual([]);
    for (const by of [-1, 1]) {
      const seen = tampered(world.store, 'decisions', (row) => [
        row.kind === 'revocation' ? { ...row, version: row.version + by } : row,
      ]);
      expect(await found(world, seen)).toContain(`decision: not first revoked by list ${3 + by}`);
    }
  });

  test('that the list has and the decisions have lost', async () => {
    const world = await crookedHistory(createMemoryStore());
    const seen = tampered(world.store, 'decisions', (row) =>
      row.kind === 'revocation' ? [] : [row],
    );
    expect(await found(world, seen)).toContain('decision: revoked');
  });

  test('that its purse says came with another list', async () => {
    const world = await crookedHistory(createMemoryStore());
    const seen = tampered(world.store, 'purses', (row) => [
      { ...row, revokedAt: row.revokedAt === null ? null : row.revokedAt + 1 },
    ]);
    expect(await found(world, seen)).toEqual(['standing: revokedAt 2']);
  });
});

describe('the audit finds that the newest list', () => {
  function listBy({ issuing, issuingKey }: Party, list: StatusList): ListRow {
    const draft = unsignedStatusList(list, { alg: ES256, ref: issuing.ref });
    const { version, issuedAt, bits } = list;
    return {
      version,
      issuedAt,
      revoked: statusIndices(bits),
      wire: encodeSigned(signWith(issuingKey, draft)),
    };
  }

  test('says less than what was signed', async () => {
    const world = await crookedHistory(createMemoryStore());
    const seen = withList(world.store, (list) => ({ ...list, revoked: [] }));
    expect(await found(world, seen)).toEqual(['list: its columns contradict its bytes']);
  });

  test('is gone', async () => {
    const world = await crookedHistory(createMemoryStore());
    const seen = withList(world.store, () => null);
    expect(await found(world, seen)).toEqual(['decision: no list revokes it']);
  });

  test('is not signed, or not by the operator', async () => {
    const world = await crookedHistory(createMemoryStore());
    const { operator } = world.scheme;
    const resigned = (by: Party) =>
      withList(world.store, (row) =>
        listBy(by, { ...row, bits: statusBits(row.revoked), uri: 'https://status.example/1' }),
      );
    expect(await found(world, resigned(operator))).toEqual([]);
    const all = ['list: the operator did not sign it', 'decision: no list revokes it'];
    expect(await found(world, resigned(world.scheme.party('ALFA')))).toEqual(all);
    const broken = withList(world.store, (row) => ({
      ...row,
      wire: row.wire.map((byte, at) => (at === row.wire.length - 1 ? byte ^ 1 : byte)),
    }));
    expect(await found(world, broken)).toEqual(all);
    const noList = withList(world.store, (row) => ({ ...row, wire: Uint8Array.of(0x80) }));
    expect(await found(world, noList)).toEqual(all);
  });
});

test('the audit agrees with purses revoked one after the other, one with two certificates', async () => {
  const { world, alice, bob } = await paidHistory(createMemoryStore());
  await revoke([bob.id], 'stolen', world.context);
  expect(await found(world)).toEqual([]);
  await world.renew(alice, 'alice again');
  await revoke([alice.id], 'stolen', world.context);
  await world.settle();
  await revoke([], 'fresh', world.context);
  expect(await found(world)).toEqual([]);
});
