import { ES256, toHex, unwrap } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeCommand } from './command.ts';
import type { Effect, EffectAnswer } from './effects.ts';
import { readReply } from './reply.ts';
import { boot, type State, step } from './step.ts';
import {
  ask,
  askCommand,
  balance,
  load,
  payCommand,
  personalised,
  receiveCommand,
  tap,
  TEST_MEASUREMENT,
  type TestPurse,
  testScheme,
} from './testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada', { pin: Uint8Array.of(1, 2, 3, 4) });
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 10_000n);
});

/** The trusted application as it starts on what the device has stored. */
function started({ stored, logEnd }: TestPurse): State {
  const identity = { environment: 'test', measurement: TEST_MEASUREMENT };
  return unwrap(boot(identity, stored, logEnd)).state;
}

const answering =
  (kind: Effect['kind'], answer: EffectAnswer) =>
  (effect: Effect): EffectAnswer | undefined =>
    effect.kind === kind ? answer : undefined;

describe('an environment that does not do its part (TS-TRE-2)', () => {
  const wrong: [Effect['kind'], EffectAnswer][] = [
    ['sign', null],
    ['sign', new Uint8Array(63)],
    ['sign', new Uint8Array(0)],
    ['stretch', new Uint8Array(31)],
    ['stretch', true],
  ];

  it.each(wrong)('ends the application that asked for %s and got %o', (kind, answer) => {
    const request = ask(bo, 6_000n);
    const command = payCommand(request, bo.certificate, { pin: Uint8Array.of(1, 2, 3, 4) });
    ada.meddle = answering(kind, answer);
    expect(() => ada.run(command)).toThrow(kind);
    // It boots again on what it had committed: nothing was signed, and nothing is lost.
    ada.meddle = null;
    ada.restart();
    const [open] = ada.purse.open;
    expect(open === undefined).toBe(kind === 'stretch');
    expect(balance(ada) + (open === undefined ? 0n : 6_000n)).toBe(10_000n);
    expect(open === undefined || ada.code({ kind: 10, paymentId: open.id }) === 'OK').toBe(true);
  });

  it('makes no key and no request of what is none', () => {
    const renewal = { kind: 17, alg: ES256, challenge: new Uint8Array(32) } as const;
    const before = ada.backup();
    ada.meddle = answering('generate-key', new Uint8Array(32));
    expect(() => ada.run(renewal)).toThrow('generate-key');
    ada.restart();
    ada.meddle = answering('generate-key', new Uint8Array(33));
    expect(ada.code(renewal)).toBe('BAD_FIELD');
    ada.meddle = answering('random', new Uint8Array(7));
    expect(() => ask(ada, 1n)).toThrow('random');
    ada.restart();
    ada.meddle = answering('attest', new Uint8Array(8_193));
    expect(ada.backup()).toEqual(before);
    expect(() => ada.run(renewal)).toThrow('attest');
  });

  it.each([false, null, 1, new Uint8Array(1)])('takes only true for yes, not %o', (answer) => {
    const tapped = tap(ada, bo, 10n);
    bo.restart();
    bo.meddle = answering('verify', answer);
    expect(bo.code(receiveCommand(tapped))).toBe('BAD_SIGNATURE');
    bo.meddle = answering('commit', answer);
    expect(bo.code(receiveCommand(tapped))).toBe('STORAGE_FAILED');
    bo.meddle = null;
    const choices = { assertHolder: true, despiteDoubt: true };
    const large = payCommand(ask(bo, 6_000n), bo.certificate, choices);
    ada.meddle = answering('assert-holder', answer);
    expect(ada.code(large)).toBe('ASSERTION_REFUSED');
    expect([ada, bo].map(balance)).toEqual([9_990n, 0n]);
  });

  it('cannot change what was answered: the bytes are taken as they were', () => {
    const bytes = encodeCommand(askCommand(5n));
    const first = step(started(ada), { kind: 'command', bytes });
    const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const second = step(first.state, { kind: 'answer', answer: nonce });
    bytes.fill(0);
    nonce.fill(0);
    const asked = (turn: ReturnType<typeof step>): string => {
      const [effect] = turn.effects;
      return effect?.kind === 'sign' ? toHex(effect.message) : '';
    };
    const signature = new Uint8Array(64);
    const third = step(second.state, { kind: 'answer', answer: signature });
    const replayed = step(second.state, { kind: 'answer', answer: signature });
    expect(asked(second)).toContain('0102030405060708');
    expect(replayed.reply).toEqual(third.reply);
  });
});

describe('one command at a time (TS-PUR-2)', () => {
  it('is refused while another runs, which goes on unharmed', () => {
    const bytes = encodeCommand(askCommand(5n));
    const waiting = step(started(ada), { kind: 'command', bytes });
    const busy = step(waiting.state, { kind: 'command', bytes });
    expect(readReply(busy.reply!)).toMatchObject({ ok: false, error: { code: 'BUSY' } });
    expect(busy.effects).toEqual([]);
    const on = step(busy.state, { kind: 'answer', answer: new Uint8Array(8) });
    expect(on.effects.map(({ kind }) => kind)).toEqual(['sign']);
  });

  it('and an answer that nothing asked for is a fault of the environment', () => {
    const state = started(ada);
    expect(() => step(state, { kind: 'answer', answer: true })).toThrow('no effect');
  });
});
