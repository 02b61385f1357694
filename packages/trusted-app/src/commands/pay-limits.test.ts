import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy, Tier } from '@tallystick/protocol';
import {
  ask,
  DAY,
  load,
  payCommand,
  personalised,
  policyChange,
  START,
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
  load(ada, alpha, 5_000n);
});

/** A policy whose only tight limit is the one under test. */
function adopt(tier: Partial<Tier>, change: Partial<Policy> = {}): void {
  const wide = { paymentMax: 50_000n, totalMax: 90_000n, stepUpAbove: 50_000n, ...tier };
  ada.get({ kind: 13, policy: scheme.signPolicy(policyChange(wide, change)) }, 0);
}

function pay(amount: bigint): string {
  const before = ada.backup();
  const code = ada.code(payCommand(ask(bo, amount), bo.certificate, { despiteDoubt: true }));
  // A refusal leaves the purse as it was, to the byte.
  const isChanged = !isDeepStrictEqual(ada.backup(), before);
  return isChanged === (code === 'OK') ? code : `${code}, but the state says otherwise`;
}

describe('the limits of a payer, on both sides of each edge (TS-LIM)', () => {
  it('TS-LIM-1: a tier that may only receive', () => {
    adopt({ paymentMax: 0n });
    expect(pay(1n)).toBe('RECEIVE_ONLY');
  });

  it('TS-LIM-2: the offline window, by clock or floor, whichever is later', () => {
    const until = ada.get({ kind: 1 }, 3).offlineUntil;
    expect(until).toBe(START + 7 * DAY);
    const request = ask(bo, 1n, { expires: START + 30 * DAY });
    const again = payCommand(request, bo.certificate, { despiteDoubt: true });
    ada.clock = until + 1;
    expect(ada.code(again)).toBe('OFFLINE_TOO_LONG');
    ada.clock = until;
    expect(ada.code(again)).toBe('OK');
    ada.clock = null;
    ada.edit({ floor: until + 1 });
    expect(ada.code(again)).toBe('OFFLINE_TOO_LONG');
    ada.edit({ floor: until });
    expect(ada.code(again)).toBe('OK');
  });

  it('TS-LIM-2: never so long that no payee could accept the payment any more', () => {
    adopt({ offlineSeconds: 100 * DAY });
    const lastMinute = START + 0xffff * 60;
    const request = ask(bo, 1n, { expires: START + 90 * DAY });
    ada.clock = lastMinute + 1;
    expect(ada.code(payCommand(request, bo.certificate))).toBe('OFFLINE_TOO_LONG');
    ada.clock = lastMinute;
    expect(ada.code(payCommand(request, bo.certificate))).toBe('OK');
    expect(ada.purse.open[0]?.acceptBy).toBe(lastMinute);
  });

  it('TS-LIM-3: one payment', () => {
    adopt({ paymentMax: 700n });
    expect(pay(701n)).toBe('OVER_PAYMENT_LIMIT');
    expect(pay(700n)).toBe('OK');
  });

  it('TS-LIM-4: the total since the last sync', () => {
    adopt({ totalMax: 1_000n });
    expect(pay(600n)).toBe('OK');
    expect(pay(401n)).toBe('OVER_TOTAL_LIMIT');
    expect(pay(400n)).toBe('OK');
    expect(ada.get({ kind: 1 }, 3).available).toBe(0n);
  });

  it('TS-LIM-5: the number since the last sync', () => {
    adopt({ countMax: 2 });
    expect([pay(1n), pay(1n), pay(1n)]).toEqual(['OK', 'OK', 'OVER_COUNT_LIMIT']);
    expect(ada.get({ kind: 1 }, 3).available).toBe(0n);
  });

  it('TS-LIM-6: the balance', () => {
    adopt({});
    expect(pay(5_001n)).toBe('INSUFFICIENT_FUNDS');
    expect(pay(5_000n)).toBe('OK');
    expect(pay(1n)).toBe('INSUFFICIENT_FUNDS');
  });

  it('TS-LIM-7: the hops, up to the last one that a message can name', () => {
    adopt({}, { hopMax: 5 });
    ada.edit({ balances: [0n, 0n, 0n, 0n, 30n, 70n] });
    expect(pay(31n)).toBe('OVER_HOP_LIMIT');
    expect(ada.get({ kind: 1 }, 3).available).toBe(30n);
    expect(pay(30n)).toBe('OK');
    ada.get({ kind: 13, policy: scheme.signPolicy({ version: 3, hopMax: 23 }) }, 0);
    ada.edit({ balances: Array.from({ length: 24 }, (_, hop) => (hop >= 22 ? 10n : 0n)) });
    expect(pay(11n)).toBe('OVER_HOP_LIMIT');
    expect(pay(10n)).toBe('OK');
  });

  it('TS-LOG-6: the table of open payments', () => {
    adopt({ countMax: 256 });
    ada.edit({ balances: [1_000n] });
    expect(pay(1n)).toBe('OK');
    const [open] = ada.purse.open;
    const many = (count: number): void =>
      ada.edit({ open: Array.from({ length: count }, () => ({ ...open! })) });
    many(255);
    expect(pay(1n)).toBe('OK');
    many(256);
    expect(pay(1n)).toBe('NEEDS_SYNC');
  });

  it('reports the limit that stands first when several are broken (TS-ERR-1)', () => {
    const broken: [Partial<Tier>, string][] = [
      [{ paymentMax: 0n }, 'RECEIVE_ONLY'],
      [{ offlineSeconds: 0 }, 'OFFLINE_TOO_LONG'],
      [{ paymentMax: 1n }, 'OVER_PAYMENT_LIMIT'],
      [{ totalMax: 1n }, 'OVER_TOTAL_LIMIT'],
      [{ countMax: 0 }, 'OVER_COUNT_LIMIT'],
      [{}, 'INSUFFICIENT_FUNDS'],
    ];
    ada.edit({ balances: [0n, 0n, 0n, 0n, 0n, 9n] });
    ada.clock = START + 1;
    // Each policy breaks one more rule than the one after it, and the earliest is reported.
    for (let from = 0; from < broken.length; from++) {
      const device = personalised(scheme, alpha, `limits ${from}`);
      device.clock = START + 1;
      const later = broken.slice(from).map(([tier]) => tier);
      const tier = Object.assign({ stepUpAbove: 0n }, ...later.toReversed()) as Partial<Tier>;
      device.get({ kind: 13, policy: scheme.signPolicy(policyChange(tier)) }, 0);
      const code = device.code(payCommand(ask(bo, 10n), bo.certificate));
      expect(code).toBe(broken[from]?.[1]);
    }
  });
});
