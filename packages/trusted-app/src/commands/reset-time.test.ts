import { timeReset } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  answerCommand,
  balance,
  DAY,
  load,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  START,
  sync,
  type Tap,
  tap,
  ask,
  type TestPurse,
  testScheme,
  voidCommand,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const BOGUS = START + 400 * DAY;
let ada: TestPurse;
let bo: TestPurse;
let tapped: Tap;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 1_000n);
  tapped = tap(ada, bo, 300n);
});

const reset = (version: number, floor: number): Command => ({
  kind: 16,
  reset: scheme.signByRoot(timeReset.encode({ version, floor })),
});

/** A list whose time is wrong by more than a year, on a device that has no clock to know better. */
function beacon(device: TestPurse): void {
  device.clock = null;
  const list = scheme.signList({ version: 2, issuedAt: BOGUS });
  device.get({ kind: 14, list, certificate: scheme.operator.certificate }, 0);
  expect(device.purse.floor).toBe(BOGUS);
}

describe('a time reset (TS-TIM-4)', () => {
  it('brings a purse back that a wrong beacon had stopped', () => {
    beacon(bo);
    expect(bo.code(receiveCommand(tapped))).toBe('CERTIFICATE_EXPIRED');
    bo.get(reset(1, START), 0);
    bo.restart();
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
    expect(balance(bo)).toBe(300n);
  });

  it('applies once each, in order, and from the root alone', () => {
    bo.get(reset(2, START + 5), 0);
    const before = bo.backup();
    expect(bo.code(reset(2, START))).toBe('STALE');
    expect(bo.code(reset(1, START))).toBe('STALE');
    const other = testScheme('other').signByRoot(timeReset.encode({ version: 9, floor: 1 }));
    expect(bo.code({ kind: 16, reset: other })).toBe('UNKNOWN_ISSUER');
    expect(bo.backup()).toEqual(before);
  });

  it('ahead of the floor is a signed time like any other: the skew holds', () => {
    const { skewSeconds } = scheme.policy;
    expect(bo.code(reset(1, START + skewSeconds + 1))).toBe('TIME_SKEW');
    bo.get(reset(1, START + skewSeconds), 0);
    expect(bo.purse.floor).toBe(START + skewSeconds);
  });

  it('never reopens what was closed by a statement under the wrong time (TS-TIM-6)', () => {
    beacon(bo);
    const stated = bo.get({ kind: 11 }, 4);
    bo.get(reset(1, START), 0);
    bo.restart();
    // The backend may have closed the payment on that statement, and Ada may have it back.
    expect(bo.code(receiveCommand(tapped))).toBe('PAST_ACCEPT_BY');
    expect(bo.code(voidCommand(tapped))).toBe('PAST_ACCEPT_BY');
    const evidence = alpha.close(tapped.id, stated.id, START);
    ada.get({ kind: 9, evidence, certificate: alpha.issuer.certificate }, 0);
    expect([ada, bo].map(balance)).toEqual([1_000n, 0n]);
  });

  it('never reopens what was forgotten under the wrong time', () => {
    bo.get(receiveCommand(tapped), 6);
    const statement = bo.get({ kind: 11 }, 4);
    bo.clock = null;
    bo.get(answerCommand(bo, beta, statement, { time: START + 300 * DAY }), 0);
    expect(bo.purse.answered).toEqual([]);
    bo.get(reset(1, START), 0);
    expect(bo.code(receiveCommand(tapped))).toBe('PAST_ACCEPT_BY');
    expect(bo.code(voidCommand(tapped))).toBe('PAST_ACCEPT_BY');
    expect(balance(bo)).toBe(300n);
  });

  it('keeps an accepted payment accepted, and a voided one void', () => {
    const second = tap(ada, bo, 10n, { despiteDoubt: true });
    bo.get(receiveCommand(tapped), 6);
    const answer = bo.get(voidCommand(second), 6);
    beacon(bo);
    bo.get(reset(1, START), 0);
    expect(bo.code(receiveCommand(tapped))).toBe('OK');
    expect(bo.code(receiveCommand(second))).toBe('ALREADY_VOIDED');
    ada.get(restoreCommand(second, answer), 0);
    expect([ada, bo].map(balance)).toEqual([700n, 300n]);
  });

  it('gives no longer leave to pay than a sync at the time that was set (TS-LIM-2)', () => {
    ada.clock = null;
    sync(ada, alpha, { time: START + 300 * DAY });
    ada.get(reset(1, START + DAY), 0);
    expect(ada.purse.syncedAt).toBe(START + DAY);
    const request = ask(bo, 1n, { expires: START + 30 * DAY });
    const pay = payCommand(request, bo.certificate, { despiteDoubt: true });
    ada.clock = START + 8 * DAY + 1;
    expect(ada.code(pay)).toBe('OFFLINE_TOO_LONG');
    ada.clock = START + 8 * DAY;
    expect(ada.code(pay)).toBe('OK');
  });

  it('that cannot be stored can be applied later', () => {
    beacon(bo);
    const before = bo.backup();
    bo.storageFails = true;
    expect(bo.code(reset(1, START))).toBe('STORAGE_FAILED');
    expect(bo.backup()).toEqual(before);
    expect(bo.code(reset(1, START))).toBe('OK');
  });
});
