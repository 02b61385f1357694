import { LIMITS, type Policy } from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import type { OpenPayment, Purse } from './purse.ts';
import { decodeStored, encodeStored } from './stored.ts';
import { personalised, TEST_POLICY, testScheme } from './testing/index.ts';

const scheme = testScheme();
const [alpha] = scheme.participants;
const sound = personalised(scheme, alpha, 'ada').purse;
const LATEST = 0xffff_ffff;
const MOST = LIMITS.amountMinorUnits;

function bytes(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 17 + (seed >> 8)) & 255);
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const open = (index: number): OpenPayment => ({
  seq: LATEST,
  id: bytes(32, index),
  payee: bytes(8, index),
  parts: many(LIMITS.hopsMax + 1, (hop) => ({ hop, amount: MOST })),
  acceptBy: LATEST,
  state: 1,
  counts: true,
});

const row = TEST_POLICY.tiers[0]!;
const policy: Policy = {
  ...TEST_POLICY,
  tiers: many(LIMITS.tiers, (tier) => ({ ...row, tier, balanceMax: MOST, totalMax: MOST })),
  measurements: many(LIMITS.measurements, (index) => ({
    index,
    sha256: bytes(32, index),
    acceptedUntil: LATEST,
  })),
};

/** Every table at its bound, with the largest values its fields may have. */
const full: Purse = {
  ...sound,
  // All that one command can bring.
  authorities: many(64, (index) => bytes(4_000, index)),
  keys: many(LIMITS.ownCertificates, (slot) => ({ slot, certificate: bytes(LIMITS.messageBytes) })),
  pendingKey: { slot: 255, alg: -48, key: bytes(1_312) },
  seq: LATEST,
  ackedTo: LATEST,
  keepFrom: LATEST,
  balances: many(LIMITS.hopsMax + 1, () => MOST),
  policy,
  list: bytes(LIMITS.listBytes + 256),
  bans: many(LIMITS.bans, (index) => ({
    ref: bytes(8, index),
    statusIndex: LIMITS.listEntries - 1,
  })),
  floor: LATEST,
  closedBefore: LATEST,
  spentTotal: MOST,
  spentCount: LIMITS.openPayments,
  open: many(LIMITS.openPayments, open),
  answered: many(LIMITS.answeredPayments, (index) => ({
    id: bytes(32, index),
    seq: LATEST,
    verdict: 2,
    acceptBy: LATEST,
  })),
  taken: many(LIMITS.payers, (index) => ({ payer: bytes(8, index), total: MOST })),
  pin: { salt: bytes(16), hash: bytes(32), triesLeft: 15 },
  lock: 3,
  statement: { seq: LATEST, id: bytes(32), condition: 3 },
};

describe('the committed state', () => {
  it('with every table full can be stored and read back', () => {
    const stored = encodeStored(full);
    expect(stored.length).toBeLessThan(LIMITS.stateBytes);
    expect(decodeStored(stored)).toEqual(full);
  });

  const tooMuch: [string, Partial<Purse>][] = [
    ['authorities', { authorities: [...full.authorities, bytes(1)] }],
    ['keys', { keys: [...full.keys, full.keys[0]!] }],
    ['no keys', { keys: [] }],
    ['balances', { balances: [...full.balances, 0n] }],
    ['a balance below zero', { balances: [-1n] }],
    ['a balance too large', { balances: [MOST + 1n] }],
    ['list', { list: bytes(LIMITS.listBytes + 257) }],
    ['bans', { bans: [...full.bans, full.bans[0]!] }],
    ['open', { open: [...full.open, open(0)] }],
    ['a time past all time', { open: [{ ...open(0), acceptBy: LATEST + 1 }] }],
    ['a part of no hop', { open: [{ ...open(0), parts: [{ hop: 24, amount: 1n }] }] }],
    ['answered', { answered: [...full.answered, full.answered[0]!] }],
    ['taken', { taken: [...full.taken, full.taken[0]!] }],
    ['position', { seq: LATEST + 1 }],
    ['spentTotal', { spentTotal: MOST + 1n }],
    ['spentCount', { spentCount: LIMITS.openPayments + 1 }],
    ['tries', { pin: { ...full.pin!, triesLeft: -1 } }],
    ['lock', { lock: 4 }],
    ['size', { authorities: full.authorities.map(() => bytes(LIMITS.messageBytes)) }],
  ];

  it.each(tooMuch)('that could not be read back is never written: %s', (_, change) => {
    expect(() => encodeStored({ ...full, ...change })).toThrow('could not be stored');
  });
});
