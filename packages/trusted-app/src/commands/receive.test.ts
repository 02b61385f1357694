import {
  type Bytes,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  GENESIS,
  LIMITS,
  type Payment,
  payment as paymentCodec,
  type Policy,
  receipt as receiptCodec,
  requestDigest,
  type Tier,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  ask,
  balance,
  DAY,
  load,
  loadCommand,
  personalised,
  policyChange,
  receiveCommand,
  START,
  sync,
  tap,
  type TestPurse,
  testScheme,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
});

/** A payment that Ada's key signs without any rule: what a broken payer can bring. */
function forged(
  change: Partial<Payment> = {},
  request: Bytes = ask(bo, null),
): Extract<Command, { kind: 6 }> {
  const payment: Payment = {
    seq: 9,
    head: GENESIS,
    payee: decodePurseCertificate(bo.certificate).ref,
    value: { kind: 1, currency: 978, amount: 10n, hop: 1 },
    syncedAt: START,
    acceptMinutes: 60,
    ...change,
  };
  const bytes = ada.forge(ada.certificate, paymentCodec.encode(payment), requestDigest(request));
  return { kind: 6, payment: bytes, certificate: ada.certificate, request, wantReceipt: true };
}

const ofAmount = (amount: bigint, hop = 1): Partial<Payment> => ({
  value: { kind: 1, currency: 978, amount, hop },
});

function adopt(tier: Partial<Tier>, change: Partial<Policy> = {}): void {
  bo.get({ kind: 13, policy: scheme.signPolicy(policyChange(tier, change)) }, 0);
}

describe('accepting a payment (TS-RCP-1, INV-FINAL)', () => {
  it('credits it once, however often it is presented, and signs the same receipt', () => {
    load(ada, alpha, 1_000n);
    const tapped = tap(ada, bo, 300n);
    const first = bo.get(receiveCommand(tapped), 6);
    const stored = bo.stored;
    expect(bo.get(receiveCommand(tapped), 6)).toEqual(first);
    bo.restart();
    expect(bo.get(receiveCommand(tapped), 6)).toEqual(first);
    expect(bo.get(receiveCommand(tapped, false), 6).message).toBeNull();
    expect(bo.stored).toEqual(stored);
    expect(balance(bo)).toBe(300n);
    const receipt = decodePayload(decodeSigned(first.message!).payload, receiptCodec, 'receipt');
    expect(receipt).toMatchObject({ seq: 2, paymentId: tapped.id, listVersion: 1 });
  });

  it('spares the signature where nobody waits for it', () => {
    load(ada, alpha, 1_000n);
    const tapped = tap(ada, bo, 300n);
    bo.effects.length = 0;
    expect(bo.get(receiveCommand(tapped, false), 6).message).toBeNull();
    expect(bo.effects).toEqual(['verify', 'verify', 'clock', 'commit']);
  });

  it('of a load credits it once, for ever (TS-PAY-12)', () => {
    const command = loadCommand(ada, alpha, 500n);
    const first = ada.get(command, 6);
    expect(ada.get(command, 6)).toEqual(first);
    expect(balance(ada)).toBe(500n);
    // Time closes the load, and a sync forgets it.
    sync(ada, alpha, { time: START + 2 * DAY });
    expect(ada.purse.answered).toEqual([]);
    expect(ada.code(command)).toBe('PAST_ACCEPT_BY');
    expect(balance(ada)).toBe(500n);
  });

  it('that cannot be stored changes nothing, and can be done again', () => {
    const command = loadCommand(ada, alpha, 500n);
    const before = ada.stored;
    ada.storageFails = true;
    expect(ada.code(command)).toBe('STORAGE_FAILED');
    expect(ada.stored).toEqual(before);
    expect(ada.code(command)).toBe('OK');
    expect(balance(ada)).toBe(500n);
  });

  it('refuses no payment to an own older certificate, and one of a stranger always', () => {
    const request = ask(bo, null);
    const stranger = decodePurseCertificate(ada.certificate).ref;
    expect(bo.code(forged({ payee: stranger }, request))).toBe('WRONG_PAYEE');
    expect(bo.code(forged({}, request))).toBe('OK');
  });
});

describe('the limits of a payee, on both sides of each edge (TS-LIM)', () => {
  it('TS-LIM-7: hops from 1 to the most of the policy, and 0 for a load', () => {
    expect(bo.code(forged(ofAmount(1n, 0)))).toBe('OVER_HOP_LIMIT');
    expect(bo.code(forged(ofAmount(1n, 6)))).toBe('OVER_HOP_LIMIT');
    expect(bo.code(forged(ofAmount(1n, 5)))).toBe('OK');
    adopt({}, { hopMax: 23 });
    expect(bo.code(forged(ofAmount(1n, 23)))).toBe('OK');
    expect(bo.purse.balances.length).toBe(24);
    const request = ask(bo, 5n);
    const payment = beta.load(request, bo.certificate, 5n, ofAmount(5n, 1));
    const { certificate } = beta.issuer;
    const command: Command = { kind: 6, payment, certificate, request, wantReceipt: true };
    expect(bo.code(command)).toBe('OVER_HOP_LIMIT');
  });

  it('TS-LIM-8: the ceiling of the balance', () => {
    adopt({ balanceMax: 100n });
    expect(bo.code(forged(ofAmount(101n)))).toBe('OVER_BALANCE_CEILING');
    expect(bo.code(forged(ofAmount(100n)))).toBe('OK');
    expect(bo.code(forged({ ...ofAmount(1n), seq: 10 }))).toBe('OVER_BALANCE_CEILING');
    expect(bo.code(loadCommand(bo, beta, 1n))).toBe('OVER_BALANCE_CEILING');
  });

  it('TS-LIM-8: what may yet come back never makes a balance that cannot be stated', () => {
    const most = LIMITS.amountMinorUnits;
    const wide = { balanceMax: most, paymentMax: most, totalMax: most, payerCap: most };
    adopt({ ...wide, stepUpAbove: most });
    load(bo, beta, most);
    const { id } = tap(bo, ada, most - 5n);
    expect(bo.purse.balances).toEqual([5n]);
    expect(bo.code(forged(ofAmount(1n)))).toBe('OVER_BALANCE_CEILING');
    const statement = bo.get({ kind: 11 }, 4);
    const closure = beta.close(id, statement.id, START);
    bo.get({ kind: 9, evidence: closure, certificate: beta.issuer.certificate }, 0);
    expect(balance(bo)).toBe(most);
    bo.get({ kind: 11 }, 4);
  });

  it('TS-LIM-9: the cap of one payer, until the next sync', () => {
    adopt({ payerCap: 50n });
    expect(bo.code(forged(ofAmount(51n)))).toBe('OVER_PAYER_CAP');
    expect(bo.code(forged({ ...ofAmount(30n), seq: 10 }))).toBe('OK');
    expect(bo.code(forged({ ...ofAmount(21n), seq: 11 }))).toBe('OVER_PAYER_CAP');
    expect(bo.code(forged({ ...ofAmount(20n), seq: 12 }))).toBe('OK');
    expect(bo.code(loadCommand(bo, beta, 100n))).toBe('OK');
    expect(bo.code(forged({ ...ofAmount(1n), seq: 13 }))).toBe('OVER_PAYER_CAP');
    sync(bo, beta);
    expect(bo.code(forged({ ...ofAmount(50n), seq: 14 }))).toBe('OK');
  });

  it('TS-LOG-6: the payers it remembers', () => {
    const others = (count: number): void =>
      bo.edit({
        taken: Array.from({ length: count }, (_, index) => ({
          payer: Uint8Array.of(1, 2, 3, 4, 5, 6, index >> 8, index & 255),
          total: 1n,
        })),
      });
    others(2_048);
    expect(bo.code(forged())).toBe('NEEDS_SYNC');
    others(2_047);
    expect(bo.code(forged())).toBe('OK');
    expect(bo.code(forged({ seq: 10 }))).toBe('OK');
    expect(bo.purse.taken.length).toBe(2_048);
  });
});

describe('the time of a payment (TS-TIM, TS-PAY-7, TS-PAY-8)', () => {
  it('is over once the floor passed its last moment, not at it', () => {
    bo.edit({ floor: START + 3_601 });
    expect(bo.code(forged())).toBe('PAST_ACCEPT_BY');
    bo.edit({ floor: START + 3_600 });
    expect(bo.code(forged())).toBe('OK');
    bo.edit({ closedBefore: START + 3_601 });
    expect(bo.code(forged({ seq: 10 }))).toBe('PAST_ACCEPT_BY');
    expect(bo.code(forged({ seq: 10, acceptMinutes: 61 }))).toBe('OK');
  });

  it("ends with the offline window and the accept window of the payer's tier", () => {
    const most = 7 * 1_440 + 1_440;
    expect(bo.code(forged({ acceptMinutes: most + 1 }))).toBe('ACCEPT_BY_TOO_FAR');
    expect(bo.code(forged({ acceptMinutes: most }))).toBe('OK');
  });

  it('depends on how long ago the payer synced (TS-TIM-5)', () => {
    const syncedAt = START - 9 * DAY;
    bo.edit({ floor: syncedAt + 10 * DAY + 1 });
    adopt({ offlineSeconds: 30 * DAY });
    const late = { syncedAt, acceptMinutes: 11 * 1_440 };
    expect(bo.code(forged(late))).toBe('PAYER_STALE');
    bo.edit({ floor: syncedAt + 10 * DAY });
    expect(bo.code(forged(late))).toBe('OK');
  });

  it('never starts in a future that no issuer signed (TS-TIM-3)', () => {
    const soonest = START + 30 * DAY;
    expect(bo.code(forged({ syncedAt: soonest + 1 }))).toBe('TIME_SKEW');
    expect(bo.code(forged({ syncedAt: soonest }))).toBe('OK');
    bo.clock = null;
    const { expires } = decodePurseCertificate(bo.certificate);
    expect(bo.code(forged({ syncedAt: expires }))).toBe('TIME_SKEW');
    expect(bo.code(forged({ syncedAt: expires - 1 }))).toBe('OK');
  });

  it('near the end of all time leaves a state that can be read back', () => {
    const { payment, request, certificate } = forged({
      syncedAt: 0xffff_fff0,
      acceptMinutes: 0xffff,
    });
    bo.get({ kind: 7, payment, request, certificate }, 6);
    bo.restart();
    expect(bo.purse.answered[0]?.acceptBy).toBe(0xffff_ffff);
    expect(bo.get({ kind: 1 }, 3).balance).toBe(0n);
  });
});

describe('the standing of the payer', () => {
  it('ends with its certificate, and with the authority above it (TS-CRT-7)', () => {
    const { expires } = decodePurseCertificate(ada.certificate);
    const short = personalised(scheme, alpha, 'short', { expires: START + 100 });
    load(short, alpha, 50n);
    const tapped = tap(short, bo, 5n);
    bo.edit({ floor: START + 100 });
    expect(bo.code(receiveCommand(tapped))).toBe('CERTIFICATE_EXPIRED');
    bo.edit({ floor: START + 99 });
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
    // The certificate itself would last on, had its authority not expired.
    const eternal = personalised(scheme, alpha, 'eternal', { expires: expires + DAY });
    load(eternal, alpha, 50n);
    const late = tap(eternal, bo, 5n);
    bo.edit({ floor: expires });
    expect(bo.code(receiveCommand(late))).toBe('CERTIFICATE_EXPIRED');
  });

  it('needs an accepted measurement, until its last second (TS-POL-5)', () => {
    const [row] = scheme.policy.measurements;
    const until = START + 50;
    const adoptRows = (version: number, acceptedUntil: number): void => {
      const measurements = [{ ...row!, acceptedUntil }];
      bo.get({ kind: 13, policy: scheme.signPolicy({ version, measurements }) }, 0);
    };
    adoptRows(2, until);
    bo.edit({ floor: until + 1 });
    expect(bo.code(forged())).toBe('MEASUREMENT_REFUSED');
    bo.edit({ floor: until });
    expect(bo.code(forged())).toBe('OK');
    adoptRows(3, 0);
    expect(bo.code(forged({ seq: 10 }))).toBe('MEASUREMENT_REFUSED');
  });

  it('does not matter for what was accepted before (INV-FINAL)', () => {
    load(ada, alpha, 1_000n);
    const tapped = tap(ada, bo, 300n);
    const first = bo.get(receiveCommand(tapped), 6);
    const { statusIndex } = decodePurseCertificate(ada.certificate).profile;
    const list = scheme.signList({ version: 2, revoked: [statusIndex] });
    bo.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
    expect(bo.get(receiveCommand(tapped), 6)).toEqual(first);
    expect(bo.code(forged())).toBe('REVOKED');
    expect(balance(bo)).toBe(300n);
  });
});
