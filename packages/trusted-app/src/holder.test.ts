import { requestDigest } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import {
  answerCommand,
  ask,
  askCommand,
  balance,
  load,
  payCommand,
  personalised,
  policyChange,
  sync,
  type TestPurse,
  testScheme,
} from './testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const PIN = Uint8Array.of(49, 50, 51, 52);
const WRONG = Uint8Array.of(57, 57, 57, 57);
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada', { pin: PIN });
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 20_000n);
});

function pay(amount: bigint, proof: { pin?: Uint8Array; assertHolder?: boolean } = {}): string {
  return ada.code(payCommand(ask(bo, amount), bo.certificate, { despiteDoubt: true, ...proof }));
}

const tries = (): number | null => ada.get({ kind: 1 }, 3).pinTriesLeft;
const unlock = (pin: Uint8Array): Command => ({ kind: 21, pin });

describe('step-up above the threshold (TS-HLD-1)', () => {
  it('asks for the holder above the amount, not at it', () => {
    expect(pay(5_000n)).toBe('OK');
    expect(pay(5_001n)).toBe('PIN_REQUIRED');
    expect(pay(5_001n, { pin: PIN })).toBe('OK');
    expect(balance(ada)).toBe(9_999n);
  });

  it('takes the platform in the place of the PIN, with the request as its challenge', () => {
    const request = ask(bo, 6_000n);
    const choices = { assertHolder: true };
    expect(ada.code(payCommand(request, bo.certificate, choices))).toBe('ASSERTION_REFUSED');
    ada.holderConfirms = true;
    const challenges: Uint8Array[] = [];
    ada.meddle = (effect) => {
      if (effect.kind === 'assert-holder') challenges.push(effect.challenge);
      return undefined;
    };
    expect(ada.code(payCommand(request, bo.certificate, choices))).toBe('OK');
    expect(challenges).toEqual([requestDigest(request)]);
  });

  it('asks for a PIN where none was ever set', () => {
    const cy = personalised(scheme, alpha, 'cy');
    load(cy, alpha, 20_000n);
    const command = payCommand(ask(bo, 6_000n), bo.certificate, { pin: PIN });
    expect(cy.code(command)).toBe('PIN_REQUIRED');
    cy.get({ kind: 19, current: null, next: PIN }, 0);
    expect(cy.code(command)).toBe('OK');
  });

  it('asks only for what can be paid: no try is spent on a payment that is refused anyway', () => {
    ada.edit({ seq: 4_095, ackedTo: 0 });
    expect(pay(5_001n, { pin: PIN })).toBe('NEEDS_SYNC');
    expect(pay(5_001n)).toBe('NEEDS_SYNC');
    expect(tries()).toBe(5);
  });
});

describe('the retry counter (TS-HLD-3)', () => {
  it('counts down, blocks, and starts anew with the right PIN', () => {
    for (let left = 4; left >= 1; left--) {
      expect(pay(5_001n, { pin: WRONG })).toBe('PIN_WRONG');
      expect(tries()).toBe(left);
    }
    expect(pay(5_001n, { pin: PIN })).toBe('OK');
    expect(tries()).toBe(5);
    for (let count = 0; count < 5; count++) expect(pay(5_001n, { pin: WRONG })).toBe('PIN_WRONG');
    expect(pay(5_001n, { pin: PIN })).toBe('PIN_BLOCKED');
    expect(pay(5_001n)).toBe('PIN_BLOCKED');
    expect(pay(5_000n)).toBe('OK');
  });

  it('keeps a try that the power was pulled on: before the hash, and after it', () => {
    const wrong = payCommand(ask(bo, 5_001n), bo.certificate, { pin: WRONG });
    ada.effects.length = 0;
    expect(ada.code(wrong)).toBe('PIN_WRONG');
    expect(ada.effects).toEqual(['verify', 'verify', 'clock', 'commit', 'stretch']);
    expect(tries()).toBe(4);
    ada.restart();
    ada.powerAfterEffects = 3;
    expect(() => ada.run(wrong)).toThrow('power');
    expect(tries()).toBe(4);
    ada.powerAfterEffects = 4;
    expect(() => ada.run(wrong)).toThrow('power');
    expect(tries()).toBe(3);
    expect(balance(ada)).toBe(20_000n);
  });

  it('counts wrong PINs at unlock and at change of PIN too', () => {
    ada.get({ kind: 20 }, 0);
    expect(ada.code(unlock(WRONG))).toBe('PIN_WRONG');
    expect(tries()).toBe(4);
    ada.get(unlock(PIN), 0);
    expect(tries()).toBe(5);
    expect(ada.code({ kind: 19, current: WRONG, next: PIN })).toBe('PIN_WRONG');
    expect(ada.code({ kind: 19, current: null, next: PIN })).toBe('PIN_REQUIRED');
    expect(tries()).toBe(4);
    ada.get({ kind: 19, current: PIN, next: WRONG }, 0);
    expect(pay(5_001n, { pin: WRONG })).toBe('OK');
  });

  it('is lifted by a sync that told the backend of the block, and by no other', () => {
    const early = ada.get({ kind: 11 }, 4);
    for (let count = 0; count < 5; count++) pay(5_001n, { pin: WRONG });
    ada.get(answerCommand(ada, alpha, early), 0);
    expect(tries()).toBe(0);
    sync(ada, alpha);
    expect(tries()).toBe(5);
  });

  it('gives nobody more tries for syncing often', () => {
    for (let count = 0; count < 4; count++) pay(5_001n, { pin: WRONG });
    sync(ada, alpha);
    expect(tries()).toBe(1);
  });
});

describe("the holder's lock (TS-PUR-6)", () => {
  it('needs a PIN, stops payments both ways, and still syncs', () => {
    expect(bo.code({ kind: 20 })).toBe('PIN_REQUIRED');
    ada.get({ kind: 20 }, 0);
    ada.get({ kind: 20 }, 0);
    expect(pay(1n)).toBe('LOCKED');
    expect(ada.code(askCommand(1n))).toBe('LOCKED');
    sync(ada, alpha);
    expect(ada.get({ kind: 1 }, 3).lock).toBe(1);
    ada.get(unlock(PIN), 0);
    expect(pay(1n)).toBe('OK');
  });

  it('still lets newer issuer data in', () => {
    ada.get({ kind: 20 }, 0);
    ada.get({ kind: 13, policy: scheme.signPolicy(policyChange({})) }, 0);
    expect(ada.purse.policy.version).toBe(2);
  });
});
