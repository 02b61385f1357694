import { describe, expect, test } from 'vitest';
import type { World } from '../reconciliation/testing/world.ts';
import type { Store } from '../store/port.ts';
import type { CertificateRow, FactRow, PayeeHalf, PayerHalf, PurseRow } from '../store/rows.ts';
import { auditOf } from './testing/audit-of.ts';
import { crooked } from './testing/crooked.ts';
import { tampered, withCertificates } from './testing/tamper.ts';

async function finds(world: World, seen: Pick<Store, 'view'>): Promise<string[]> {
  const { differences } = await auditOf(world, seen);
  return differences.map(({ subject, computed }) => `${subject}: ${computed}`);
}

/** Fields changed in rows of one kind, and whether each is found by its name. */
type Changes<R> = Readonly<Record<string, (row: R) => Partial<R>>>;

const PURSES: Changes<PurseRow> = {
  loadSeq: ({ loadSeq }) => ({ loadSeq: loadSeq - 1 }),
  loadHead: () => ({ loadHead: '00'.repeat(32) }),
  closing: ({ closing }) => ({ closing: closing && { ...closing, floor: 4_000_000_000 } }),
  'closing ': ({ closing }) => ({ closing: closing && { ...closing, seq: closing.seq + 1 } }),
  'closing  ': ({ closing }) => ({ closing: closing && { ...closing, id: '00'.repeat(32) } }),
  provenSeq: ({ provenSeq }) => ({ provenSeq: provenSeq + 9 }),
  participant: ({ participant }) => ({ participant: participant === 'ALFA' ? 'BETA' : 'ALFA' }),
  lossRevision: ({ lossRevision }) => ({ lossRevision: lossRevision + 1 }),
};

const PAYERS: Changes<PayerHalf> = {
  kid: () => ({ kid: '00'.repeat(8) }),
  payee: () => ({ payee: '00'.repeat(8) }),
  payeePurse: () => ({ payeePurse: null }),
  isUnload: ({ unload }) => ({ unload: unload === null ? 'held' : null }),
  isSettled: ({ settledEpoch }) => ({ settledEpoch: settledEpoch === null ? 1 : null }),
};

const PAYEES: Changes<PayeeHalf> = {
  payerPurse: () => ({ payerPurse: null }),
  payerParticipant: () => ({ payerParticipant: 'GAMMA' }),
  revision: ({ revision }) => ({ revision: revision + 2 }),
};

describe('the audit finds another', () => {
  test.each(Object.entries(PURSES))('%s of a purse', async (name, change) => {
    const world = await crooked();
    const seen = tampered(world.store, 'purses', (row) => [{ ...row, ...change(row) }]);
    expect(await finds(world, seen)).toContainEqual(
      expect.stringContaining(`standing: ${name.trim()} `),
    );
  });

  test.each(Object.entries(PAYERS))('%s of a payer half', async (name, change) => {
    const world = await crooked();
    const seen = tampered(world.store, 'payerHalves', (row) => [{ ...row, ...change(row) }]);
    expect(await finds(world, seen)).toContainEqual(expect.stringContaining(`payerHalf: ${name} `));
  });

  test.each(Object.entries(PAYEES))('%s of a payee half', async (name, change) => {
    const world = await crooked();
    const seen = tampered(world.store, 'payeeHalves', (row) => [{ ...row, ...change(row) }]);
    expect(await finds(world, seen)).toContainEqual(expect.stringContaining(`payeeHalf: ${name} `));
  });
});

describe('the audit finds that an entry is gone, of', () => {
  const isEntry = ({ salt }: FactRow): boolean => salt !== null;

  test.each([
    ['payments', 2],
    ['receipts', 3],
    ['voids', 4],
    ['restores', 5],
    ['adoptions', 6],
    ['renewals', 7],
    ['statements', 8],
  ])('%s', async (_name, kind) => {
    const world = await crooked();
    let gone = 0;
    const seen = tampered(world.store, 'facts', (row) => {
      if (gone > 0 || row.kind !== kind || !isEntry(row)) return [row];
      gone += 1;
      return [];
    });
    const found = await finds(world, seen);
    expect(gone).toBe(1);
    expect(found).not.toEqual([]);
  });

  test('adoptions, by the hole in a log that is said to have none', async () => {
    const world = await crooked();
    const seen = tampered(world.store, 'facts', (row) =>
      row.kind === 6 && isEntry(row) ? [] : [row],
    );
    expect(await finds(world, seen)).toEqual(
      expect.arrayContaining(['standing: closing no statement of a log without a hole']),
    );
  });
});

test('the audit finds an entry that is there twice', async () => {
  const world = await crooked();
  const seen = tampered(world.store, 'facts', (row, index) => (index === 0 ? [row, row] : [row]));
  expect(await finds(world, seen)).toContain('fact: it is there twice');
});

test('the audit finds a load that is gone from the middle of the issuer’s log', async () => {
  const world = await crooked();
  const { rows } = await world.store.reports.purses('', 1);
  const [alice] = rows;
  expect(alice).toBeDefined();
  const seen = tampered(world.store, 'decisions', (row) => (row.kind === 'load' ? [] : [row]));
  expect(await finds(world, seen)).toContain('standing: loadSeq 0');
});

describe('the audit finds a certificate whose row has another', () => {
  const CHANGES: Changes<CertificateRow> = {
    key: ({ key }) => ({ key: key.map((byte) => byte ^ 1) }),
    alg: () => ({ alg: -19 }),
    statusIndex: ({ statusIndex }) => ({ statusIndex: statusIndex + 1 }),
    expires: ({ expires }) => ({ expires: expires + 1 }),
    participant: () => ({ participant: 'GAMMA' }),
  };

  async function changed(change: (row: CertificateRow) => CertificateRow): Promise<string[]> {
    const world = await crooked();
    return finds(world, withCertificates(world.store, change));
  }

  test.each(Object.entries(CHANGES))('%s', async (_name, change) => {
    const found = await changed((row) => ({ ...row, ...change(row) }));
    expect(found).toContain('certificate: its columns contradict its bytes');
  });

  test('reference, or one that no authority has signed', async () => {
    const forged = await changed((row) => ({
      ...row,
      wire: row.wire.map((byte, at) => (at === row.wire.length - 1 ? byte ^ 1 : byte)),
    }));
    expect(forged).toContain('certificate: no authority of the scheme signed it');
    const none = await changed((row) => ({ ...row, wire: Uint8Array.of(0x80) }));
    expect(none).toContain('certificate: no authority of the scheme signed it');
  });

  test('purse, or first position', async () => {
    const first = await changed((row) => ({ ...row, fromSeq: row.fromSeq === 1 ? 2 : 1 }));
    expect(first).toContain('certificate: its first position is another');
    const later = await changed((row) => ({
      ...row,
      fromSeq: row.fromSeq === 1 ? 1 : row.fromSeq - 1,
    }));
    expect(later).toContain('certificate: its first position is another');
  });
});
