import {
  type Bytes,
  ED25519,
  encodeProof,
  equal,
  requestDigest,
  statusDelta,
  timeReset,
} from '@tallystick/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, encodeCommand } from './command.ts';
import { readReply } from './reply.ts';
import { boot, step } from './step.ts';
import {
  answerCommand,
  ask,
  balance,
  enrolledKey,
  load,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  settleCommand,
  START,
  sync,
  tap,
  TEST_MEASUREMENT,
  TestDevice,
  testScheme,
  transfer,
  voidCommand,
} from './testing/index.ts';

/** Bytes of every kind, random or nearly right, against a purse that has lived. */

const RUNS = 20_000;
const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const PIN = Uint8Array.of(1, 2, 3, 4);
const ada = personalised(scheme, alpha, 'ada', { pin: PIN });
const bo = personalised(scheme, beta, 'bo', { pin: PIN });

/** One command of each kind that would succeed now, for mutations to start from. */
function soundCommands(): Bytes[] {
  load(ada, alpha, 9_000n);
  load(bo, beta, 9_000n);
  const accepted = tap(ada, bo, 10n);
  const receipt = bo.get(receiveCommand(accepted), 6);
  const voided = tap(bo, ada, 20n);
  const answer = ada.get(voidCommand(voided), 6);
  const incoming = tap(bo, ada, 30n, { despiteDoubt: true });
  const second = tap(bo, ada, 40n, { despiteDoubt: true });
  const statement = ada.get({ kind: 11 }, 4);
  const exhibit = { external: requestDigest(accepted.request), record: accepted.payment };
  const { certificate } = ada;
  const proof = encodeProof({ kind: 1, certificate, first: exhibit, second: exhibit });
  const { enrolment } = ada.get({ kind: 17, alg: ED25519, challenge: new Uint8Array(32) }, 2);
  const renewed = alpha.certify(enrolledKey(enrolment));
  const reset = scheme.signByRoot(timeReset.encode({ version: 1, floor: START }));
  const operator = scheme.operator.certificate;
  const commands: Command[] = [
    { kind: 1 },
    { kind: 4, currency: 978, amount: 5n, expires: START + 5, isStatic: true },
    payCommand(ask(bo, 50n), bo.certificate, { pin: PIN, despiteDoubt: true }),
    receiveCommand(incoming),
    voidCommand(second),
    settleCommand(accepted, receipt),
    restoreCommand(voided, answer),
    { kind: 10, paymentId: accepted.id },
    { kind: 11 },
    answerCommand(ada, alpha, statement),
    { kind: 13, policy: scheme.signPolicy({ version: 2 }) },
    { kind: 14, list: scheme.signList({ version: 2, revoked: [3] }), certificate: operator },
    {
      kind: 22,
      delta: scheme.operator.sign(
        statusDelta.encode({ base: 2, version: 3, issuedAt: START, revoked: [5, 9_000] }),
      ),
      certificate: operator,
    },
    { kind: 15, proof },
    { kind: 16, reset },
    { kind: 18, certificate: renewed },
    { kind: 19, current: PIN, next: PIN },
    { kind: 20 },
    { kind: 21, pin: PIN },
  ];
  return commands.map(encodeCommand);
}

const sound = soundCommands();
const start = ada.backup();

const random = fc.uint8Array({ maxLength: 300 });
const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
  minLength: 1,
  maxLength: 4,
});
const original = fc.constantFrom(...sound);

const mutated = fc.oneof(
  fc.tuple(original, flips).map(([bytes, changes]) => {
    const out = bytes.slice();
    for (const [at, by] of changes) out[at % out.length] = (out[at % out.length] ?? 0) ^ by;
    return out;
  }),
  fc.tuple(original, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % bytes.length)),
  fc.tuple(original, original, fc.nat(), fc.nat()).map(([one, other, from, to]) => {
    const head = one.slice(0, from % one.length);
    return Uint8Array.of(...head, ...other.slice(to % other.length));
  }),
  fc.tuple(original, random, fc.nat()).map(([bytes, extra, at]) => {
    const place = at % bytes.length;
    return Uint8Array.of(...bytes.slice(0, place), ...extra, ...bytes.slice(place));
  }),
);

describe(`${RUNS} commands that nobody sane would send (TS-PUR-3)`, () => {
  it('are answered with a code, and change nothing unless they succeed', () => {
    const codes = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.oneof({ weight: 1, arbitrary: random }, { weight: 4, arbitrary: mutated }),
        (bytes) => {
          const before = ada.backup();
          const reply = readReply(ada.runBytes(bytes)!);
          const code = reply.ok ? 'OK' : reply.error.code;
          codes.set(code, (codes.get(code) ?? 0) + 1);
          // A wrong PIN costs a try: the one refusal that is remembered.
          if (code === 'OK' || code === 'PIN_WRONG') ada.rollback(start);
          else if (!isSame(before, ada.backup())) throw new Error(`${code} changed the state`);
        },
      ),
      { numRuns: RUNS, seed: 7 },
    );
    // They reach deep, and not only the first check.
    for (const code of ['MALFORMED', 'NON_CANONICAL', 'BAD_FIELD', 'BAD_SIGNATURE', 'OK']) {
      expect([code, (codes.get(code) ?? 0) > 20]).toEqual([code, true]);
    }
    expect(codes.size).toBeGreaterThan(15);
  }, 300_000);

  it('and the purse works on', () => {
    ada.rollback(start);
    sync(ada, alpha);
    transfer(ada, personalised(scheme, beta, 'cy'), 100n);
    expect(balance(ada)).toBeGreaterThan(0n);
  });

  function isSame(one: ReturnType<typeof ada.backup>, other: typeof one): boolean {
    if (one.stored === null || other.stored === null || one.logEnd !== other.logEnd) return false;
    const entries = [...one.log];
    const isLogSame = entries.every(([seq, entry]) => equal(entry, other.log.get(seq) ?? PIN));
    return isLogSame && one.log.size === other.log.size && equal(one.stored, other.stored);
  }
});

describe('a device without purse', () => {
  it('answers whatever it is sent with a code', () => {
    const device = new TestDevice('new');
    let refusals = 0;
    fc.assert(
      fc.property(fc.oneof(random, mutated), (bytes) => {
        if (!readReply(device.runBytes(bytes)!).ok) refusals++;
      }),
      { numRuns: 2_000, seed: 8 },
    );
    expect([refusals, device.stored]).toEqual([2_000, null]);
  });
});

describe('a stored state that was changed outside', () => {
  it('boots to a purse that answers, or does not boot: it never breaks the application', () => {
    const identity = { environment: 'test', measurement: TEST_MEASUREMENT };
    const stored = ada.stored!;
    let booted = 0;
    fc.assert(
      fc.property(flips, (changes) => {
        const bytes = stored.slice();
        for (const [at, by] of changes)
          bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ by;
        const outcome = boot(identity, bytes, ada.logEnd);
        if (!outcome.ok) return outcome.error.code === 'TAMPERED';
        booted++;
        const command = encodeCommand({ kind: 1 });
        const { reply } = step(outcome.value.state, { kind: 'command', bytes: command });
        return reply !== null && readReply(reply) !== null;
      }),
      { numRuns: 3_000, seed: 9 },
    );
    expect(booted).toBeGreaterThan(100);
  });
});
