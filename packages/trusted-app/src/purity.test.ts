import { type Bytes, ED25519 } from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import { step } from './step.ts';
import {
  balance,
  enrolledKey,
  load,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  settleCommand,
  sync,
  tap,
  type TestPurse,
  testScheme,
  voidCommand,
} from './testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const PIN = Uint8Array.of(1, 2, 3, 4);

/** A bit of everything, in refusals too. */
function story(ada: TestPurse, bo: TestPurse): void {
  load(ada, alpha, 9_000n);
  const first = tap(ada, bo, 6_000n, { pin: PIN });
  ada.code(payCommand(first.request, bo.certificate));
  const answer = bo.get(receiveCommand(first), 6);
  ada.get(settleCommand(first, answer), 0);
  const second = tap(bo, ada, 50n);
  bo.get(restoreCommand(second, ada.get(voidCommand(second), 6)), 0);
  ada.code({ kind: 21, pin: Uint8Array.of(9, 9, 9, 9) });
  ada.get({ kind: 20 }, 0);
  ada.get({ kind: 21, pin: PIN }, 0);
  const { enrolment } = ada.get({ kind: 17, alg: ED25519, challenge: new Uint8Array(32) }, 2);
  ada.get({ kind: 18, certificate: alpha.certify(enrolledKey(enrolment), { statusIndex: 9 }) }, 0);
  ada.storageFails = true;
  ada.code({ kind: 13, policy: scheme.signPolicy({ version: 2 }) });
  sync(ada, alpha);
  sync(bo, beta);
  ada.runBytes(Uint8Array.of(0xff));
}

function pair(): [TestPurse, TestPurse] {
  return [
    personalised(scheme, alpha, 'ada', { pin: PIN, statusIndex: 1 }),
    personalised(scheme, beta, 'bo', { statusIndex: 2 }),
  ];
}

describe('step is a pure function of state and event', () => {
  it('gives the same twice for the same old state, at every step', () => {
    const [ada, bo] = pair();
    let steps = 0;
    for (const device of [ada, bo]) {
      device.stepWith = (state, event) => {
        const [first, second] = [step(state, event), step(state, event)];
        expect(second).toEqual(first);
        steps++;
        // What is thrown away must not matter: another answer to it does not reach what stays.
        const [effect] = second.effects;
        const isYesOrNo = effect?.kind === 'verify' || effect?.kind === 'commit';
        if (isYesOrNo) step(second.state, { kind: 'answer', answer: false });
        return first;
      };
    }
    story(ada, bo);
    expect(steps).toBeGreaterThan(60);
    expect([ada, bo].map(balance)).toEqual([3_000n, 6_000n]);
  });

  it('leaves the state it was given as it was', () => {
    const [ada, bo] = pair();
    for (const device of [ada, bo]) {
      device.stepWith = (state, event) => {
        const before = structuredClone(state);
        const turn = step(state, event);
        expect(state).toEqual(before);
        return turn;
      };
    }
    story(ada, bo);
  });

  it('is byte for byte the same when every step replays all answers', () => {
    const runs = [false, true].map((replays) => {
      const trace: Bytes[] = [];
      const [ada, bo] = pair();
      for (const device of [ada, bo]) {
        device.stepWith = (state, event) => {
          // A copy is nothing that a running generator could be kept for.
          const turn = step(replays ? structuredClone(state) : state, event);
          if (turn.reply !== null) trace.push(turn.reply);
          const [effect] = turn.effects;
          if (effect?.kind === 'sign') trace.push(effect.message);
          if (effect?.kind === 'commit') trace.push(effect.state, ...effect.append);
          return turn;
        };
      }
      story(ada, bo);
      return trace;
    });
    expect(runs[0]?.length).toBeGreaterThan(50);
    expect(runs[1]).toEqual(runs[0]);
  });
});
