import { ES256, unwrap } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { boot } from './step.ts';
import { decodeStored, encodeStored } from './stored.ts';
import {
  answerCommand,
  askCommand,
  balance,
  load,
  loadCommand,
  personalised,
  sync,
  TEST_MEASUREMENT,
  TestDevice,
  type TestPurse,
  testScheme,
  transfer,
} from './testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const identity = { environment: 'test', measurement: TEST_MEASUREMENT };
const PIN = Uint8Array.of(1, 2, 3, 4);
let ada: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada', { pin: PIN });
  load(ada, alpha, 1_000n);
});

/** Loses the last entry of the log, as a thief of the storage would make it. */
function shorten(device: TestPurse): void {
  device.log.delete(device.logEnd);
  device.logEnd -= 1;
  device.restart();
}

describe('a start (TS-TRE-3)', () => {
  it('on nothing is a device without purse, whatever log there is', () => {
    const { state, logEnd } = unwrap(boot(identity, null, 7));
    expect([state.stored, logEnd]).toEqual([null, 0]);
    expect(new TestDevice('new').code({ kind: 1 })).toBe('NOT_PERSONALISED');
  });

  it('on a prepared key goes on with the enrolment', () => {
    const device = new TestDevice('new');
    device.get({ kind: 2, alg: ES256, challenge: new Uint8Array(32), pin: null }, 2);
    const { state, logEnd } = unwrap(boot(identity, device.stored, 3));
    expect([state.stored === null, logEnd]).toEqual([false, 0]);
  });

  it('on a log that goes on past the state cuts it: that was never committed', () => {
    ada.log.set(3, Uint8Array.of(1));
    ada.log.set(4, Uint8Array.of(2));
    ada.logEnd = 4;
    ada.restart();
    expect([ada.logEnd, [...ada.log.keys()]]).toEqual([2, [1, 2]]);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(0);
    expect(ada.code(loadCommand(ada, alpha, 5n))).toBe('OK');
  });

  it('on bytes that are no state fails, and says so', () => {
    const good = ada.stored!;
    const bad = [good.slice(1), good.slice(0, -1), Uint8Array.of(...good, 0), new Uint8Array(0)];
    for (const bytes of bad) {
      const outcome = boot(identity, bytes, 2);
      expect(outcome.ok ? 'OK' : outcome.error.code).toBe('TAMPERED');
    }
    const { keys, ...rest } = ada.purse;
    expect(keys.length).toBe(1);
    expect(() => encodeStored({ ...rest, keys: [] })).toThrow('keys');
    expect(decodeStored(good)).toEqual(ada.purse);
  });
});

describe('a log that ends before its state (TS-TRE-4)', () => {
  it('locks the purse until the backend has heard of it, and loses nothing', () => {
    shorten(ada);
    expect(ada.get({ kind: 1 }, 3)).toMatchObject({ lock: 2, balance: 1_000n });
    expect(ada.code(askCommand(1n))).toBe('LOCKED');
    expect(ada.code({ kind: 21, pin: PIN })).toBe('LOCKED');
    expect(ada.get({ kind: 1 }, 3).pinTriesLeft).toBe(5);
    ada.restart();
    expect(ada.get({ kind: 1 }, 3).lock).toBe(2);
    sync(ada, alpha);
    expect(ada.get({ kind: 1 }, 3)).toMatchObject({ lock: 0, balance: 1_000n });
    const bo = personalised(scheme, beta, 'bo');
    transfer(ada, bo, 10n);
    expect(balance(ada)).toBe(990n);
  });

  it('is not made good by an answer to a statement from before', () => {
    const before = ada.get({ kind: 11 }, 4);
    shorten(ada);
    ada.get(answerCommand(ada, alpha, before), 0);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(2);
    ada.restart();
    expect(ada.get({ kind: 1 }, 3).lock).toBe(2);
    sync(ada, alpha);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(0);
  });

  it('can be stated even when the entry that is gone was the statement', () => {
    const first = ada.get({ kind: 11 }, 4);
    shorten(ada);
    const second = ada.get({ kind: 11 }, 4);
    expect(second.to).toBe(first.to + 1);
    shorten(ada);
    const third = ada.get({ kind: 11 }, 4);
    expect(third.to).toBe(second.to + 1);
    ada.get(answerCommand(ada, alpha, third), 0);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(0);
  });

  it('does not open what its holder had locked', () => {
    ada.get({ kind: 20 }, 0);
    shorten(ada);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(2);
    sync(ada, alpha);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(1);
    expect(ada.code(askCommand(1n))).toBe('LOCKED');
    ada.get({ kind: 21, pin: PIN }, 0);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(0);
  });

  it('can be locked by its holder all the same', () => {
    shorten(ada);
    ada.get({ kind: 20 }, 0);
    sync(ada, alpha);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(1);
  });
});
