import { ES256, LIMITS } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  answerCommand,
  ask,
  DAY,
  load,
  loadCommand,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  START,
  sync,
  tap,
  type TestPurse,
  testScheme,
  voidCommand,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
/** Positions that only issuer data and statements may take. */
const RESERVED = 16;
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 5_000n);
});

/** As if so many entries were not acknowledged yet. */
function fill(device: TestPurse, unacknowledged: number): void {
  const seq = 100_000;
  device.edit({ seq, ackedTo: seq - unacknowledged, keepFrom: seq - unacknowledged + 1 });
}

const policy = (version: number): Command => ({
  kind: 13,
  policy: scheme.signPolicy({ version }),
});

describe('a full log (TS-LOG-6)', () => {
  it('refuses whatever moves money, and asks for a sync', () => {
    const tapped = tap(ada, bo, 10n);
    const voided = bo.get(voidCommand(tapped), 6);
    const next = tap(ada, bo, 20n, { despiteDoubt: true });
    const last = tap(ada, bo, 30n, { despiteDoubt: true });
    const asked = ask(bo, 5n);
    const refused: [TestPurse, Command][] = [
      [ada, payCommand(asked, bo.certificate, { despiteDoubt: true })],
      [ada, payCommand(alpha.unloadCode, alpha.issuer.certificate, { amount: 1n })],
      [ada, loadCommand(ada, alpha, 1n)],
      [ada, restoreCommand(tapped, voided)],
      [ada, { kind: 17, alg: ES256, challenge: new Uint8Array(32) }],
      [bo, receiveCommand(next)],
      [bo, voidCommand(last)],
    ];
    for (const [device, command] of refused) {
      fill(device, LIMITS.logEntries - RESERVED);
      expect(device.code(command)).toBe('NEEDS_SYNC');
      fill(device, LIMITS.logEntries - RESERVED - 1);
      expect(device.code(command)).toBe('OK');
    }
  });

  it('can always be stated, and is empty after the answer', () => {
    fill(ada, LIMITS.logEntries - 1);
    expect(ada.code(policy(2))).toBe('NEEDS_SYNC');
    const statement = ada.get({ kind: 11 }, 4);
    // No more than one upload holds, the statement included.
    expect(statement.to - statement.from + 1).toBe(LIMITS.logEntries);
    expect(ada.get({ kind: 11 }, 4)).toEqual(statement);
    ada.get(answerCommand(ada, alpha, statement, { time: START + 2 * DAY }), 0);
    expect(ada.purse).toMatchObject({ ackedTo: statement.to, keepFrom: statement.to + 1 });
    expect(ada.code({ kind: 17, alg: ES256, challenge: new Uint8Array(32) })).toBe('OK');
  });

  it('can be stated although the holder turns a lock on and off between statements', () => {
    const pin = Uint8Array.of(1, 2, 3, 4);
    ada.get({ kind: 19, current: null, next: pin }, 0);
    fill(ada, LIMITS.logEntries - 2);
    for (let count = 0; count < 4; count++) {
      ada.get({ kind: 11 }, 4);
      ada.get(count % 2 === 0 ? { kind: 20 } : { kind: 21, pin }, 0);
    }
    const statement = ada.get({ kind: 11 }, 4);
    expect(statement.to - statement.from + 1).toBe(LIMITS.logEntries);
    ada.get(answerCommand(ada, alpha, statement), 0);
  });

  it('keeps a place for the statement when an answer acknowledges nothing', () => {
    fill(ada, LIMITS.logEntries - 1);
    const statement = ada.get({ kind: 11 }, 4);
    const { from } = statement;
    const nothing = answerCommand(ada, alpha, statement, { ackedTo: from - 1 });
    expect(ada.code(nothing)).toBe('NEEDS_SYNC');
    const little = answerCommand(ada, alpha, statement, { ackedTo: from + 1 });
    expect(ada.code(little)).toBe('OK');
    expect(ada.get({ kind: 11 }, 4).to).toBe(statement.to + 2);
  });

  it('lets newer lists and policies in before it is full to the brim', () => {
    fill(ada, LIMITS.logEntries - RESERVED);
    expect(ada.code(policy(2))).toBe('OK');
    const list = scheme.signList({ version: 2, issuedAt: START + 1 });
    const { certificate } = scheme.operator;
    expect(ada.code({ kind: 14, list, certificate })).toBe('OK');
  });
});

describe('acknowledged entries', () => {
  it('do not fill the log, however often a purse syncs with a payment in doubt', () => {
    const inDoubt = tap(ada, bo, 10n);
    for (let count = 0; count < 20; count++) sync(ada, alpha);
    expect(ada.purse.keepFrom).toBe(2);
    const { seq } = ada.purse;
    ada.edit({ seq: seq + 10_000, ackedTo: seq + 9_999 });
    expect(ada.code(loadCommand(ada, alpha, 1n))).toBe('OK');
    expect(ada.get({ kind: 10, paymentId: inDoubt.id }, 1).message).toEqual(inDoubt.payment);
  });

  it('are kept for signing again up to a full log of them, and no more', () => {
    const inDoubt = tap(ada, bo, 10n);
    const { seq } = ada.purse;
    ada.edit({ seq: seq + 10_000, ackedTo: seq + 9_999 });
    const { to } = sync(ada, alpha);
    expect(ada.purse.keepFrom).toBe(to + 1 - LIMITS.logEntries);
    // Too old to be signed again: reconciliation settles it, or a void, which needs no retry.
    expect(ada.code({ kind: 10, paymentId: inDoubt.id })).toBe('NEEDS_SYNC');
    ada.get(restoreCommand(inDoubt, bo.get(voidCommand(inDoubt), 6)), 0);
    expect(ada.purse.open).toEqual([]);
  });
});

describe('the end of all positions', () => {
  it('is reached by a statement, and by nothing that moves money', () => {
    const seq = LIMITS.position - RESERVED;
    ada.edit({ seq, ackedTo: seq - 1, keepFrom: seq });
    expect(ada.code(loadCommand(ada, alpha, 1n))).toBe('NEEDS_SYNC');
    ada.edit({ seq: LIMITS.position - 1, ackedTo: LIMITS.position - 2 });
    expect(ada.code(policy(2))).toBe('NEEDS_SYNC');
    expect(ada.get({ kind: 11 }, 4).to).toBe(LIMITS.position);
    ada.restart();
    expect(ada.get({ kind: 11 }, 4).to).toBe(LIMITS.position);
  });
});
