import {
  type Bytes,
  decodePayload,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  NO_EXTERNAL,
  type Refund,
  refund as refundCodec,
} from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { refundAfter, refunds, reportLost } from '../reconciliation/testing/losing.ts';
import { World } from '../reconciliation/testing/world.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { DecisionRow, PurseRow } from '../store/rows.ts';
import { auditOf } from './testing/audit-of.ts';
import { tampered } from './testing/tamper.ts';

interface Told {
  readonly world: World;
  /** A payment of the lost purse that nobody has answered. */
  readonly open: string;
}

/** A lost purse with a voided payment, an open one, a load that never showed, and a late claim. */
async function lostHistory(): Promise<Told> {
  const world = await new World(createMemoryStore()).open();
  const [alice, bob] = [await world.enrol('alice'), await world.enrol('bob', 'BETA')];
  await world.load(alice, 1_000n);
  const open = alice.pay(bob, 20n);
  await world.sync(alice);
  bob.void(alice.pay(bob, 30n));
  await world.sync(bob);
  await world.issue(alice, 5n);
  bob.accept(alice.pay(bob, 100n));
  await refundAfter(world, await reportLost(world, alice));
  await world.sync(bob);
  expect(refunds(world)).toEqual([985n]);
  return { world, open: open.id };
}

const isRefund = ({ kind }: DecisionRow): boolean => kind === 'refund';
const isLost = ({ horizon }: PurseRow): boolean => horizon !== null;

/** The refund with other contents, and a genuine signature of the issuer. */
async function resigned(
  { scheme }: World,
  { wire }: DecisionRow,
  change: Partial<Refund>,
): Promise<Bytes> {
  const message = decodePayload(decodeSigned(wire).payload, refundCodec, 'refund');
  const payload = encodeCbor(refundCodec.encode({ ...message, ...change }));
  return encodeSigned(await scheme.issuer().sign('ALFA', { external: NO_EXTERNAL, payload }));
}

test('the audit agrees with a refund and what came after it', async () => {
  const { world } = await lostHistory();
  expect((await world.supply()).loss).toBe(100n);
  expect(await auditOf(world)).toMatchObject({ agrees: true, undelivered: 0 });
});

describe('the audit finds', () => {
  const decisions: Readonly<
    Record<string, readonly [(row: DecisionRow) => readonly DecisionRow[], readonly string[]]>
  > = {
    'a refund removed': [
      (row) => (isRefund(row) ? [] : [row]),
      ['posting', 'payerHalf', 'payeeHalf', 'standing'],
    ],
    'a refund that is none': [
      (row) => [isRefund(row) ? { ...row, wire: Uint8Array.of(0x80) } : row],
      ['decision', 'posting', 'standing'],
    ],
    'a refund under another name': [
      (row) => [isRefund(row) ? { ...row, cause: `${row.purse}00000002` } : row],
      ['decision', 'posting'],
    ],
    'a refund with another signature': [
      (row) => [isRefund(row) ? { ...row, wire: spoiled(row.wire) } : row],
      ['decision'],
    ],
    'a report removed': [(row) => (row.kind === 'lost' ? [] : [row]), ['decision', 'standing']],
    'a report with another signature': [
      (row) => [row.kind === 'lost' ? { ...row, wire: spoiled(row.wire) } : row],
      ['decision'],
    ],
  };
  test.each(Object.entries(decisions))('%s', async (_name, [change, finds]) => {
    const { world } = await lostHistory();
    const report = await auditOf(world, tampered(world.store, 'decisions', change));
    expect(report.agrees).toBe(false);
    const subjects = report.differences.map(({ subject }) => subject);
    for (const subject of finds) expect(subjects).toContain(subject);
  });

  const rows: Readonly<Record<string, Partial<PurseRow>>> = {
    'more refunded than was': { refunded: 986n },
    'a refund more than there was': { refunds: 2 },
    'a horizon brought forward': { horizon: 1_700_000_000 },
    'a purse that is called found': { horizon: null },
  };
  test.each(Object.entries(rows))('%s', async (_name, change) => {
    const { world } = await lostHistory();
    const report = await auditOf(
      world,
      tampered(world.store, 'purses', (row) => [isLost(row) ? { ...row, ...change } : row]),
    );
    expect(new Set(report.differences.map(({ subject }) => subject))).toEqual(
      new Set(['standing']),
    );
  });

  test('the posting of a refund raised', async () => {
    const { world } = await lostHistory();
    const report = await auditOf(
      world,
      tampered(world.store, 'postings', (row) => [
        row.kind === 'refund' ? { ...row, amount: row.amount + 1n } : row,
      ]),
    );
    const subjects = report.differences.map(({ subject }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(['posting', 'balance']));
  });

  const signed: Readonly<
    Record<string, readonly [(told: Told, of: Refund) => Partial<Refund>, string]>
  > = {
    'before the horizon': [(_, { time }) => ({ time: time - 86_400 }), 'made before its horizon'],
    'after another report': [() => ({ report: new Uint8Array(32) }), 'no report of a loss'],
    'on a statement nobody made': [
      () => ({ statement: new Uint8Array(32) }),
      'its statement is not known',
    ],
    'of a payment that is still open': [
      ({ open }, { payments }) => ({ payments: [...payments, hexBytes(open)] }),
      'it takes back what is not its purse’s',
    ],
  };
  test.each(Object.entries(signed))('a refund that its issuer signed %s', async (_name, of) => {
    const told = await lostHistory();
    const [change, fault] = of;
    const { rows: all } = await told.world.store.reports.decisions('', 1_000);
    const row = all.find(isRefund);
    if (row === undefined) throw new Error('there was no refund');
    const message = decodePayload(decodeSigned(row.wire).payload, refundCodec, 'refund');
    const wire = await resigned(told.world, row, change(told, message));
    const report = await auditOf(
      told.world,
      tampered(told.world.store, 'decisions', (each) => [
        isRefund(each) ? { ...each, wire } : each,
      ]),
    );
    expect(report.differences).toContainEqual(
      expect.objectContaining({ subject: 'decision', stored: 'refund', computed: fault }),
    );
  });
});

function hexBytes(text: string): Bytes {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

function spoiled(wire: Bytes): Bytes {
  return wire.map((byte, at) => (at === wire.length - 1 ? byte ^ 1 : byte));
}
