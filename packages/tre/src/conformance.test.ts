import { ES256 } from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import { describe, expect, it } from 'vitest';
import { CONFORMANCE, checksFor } from './conformance.ts';
import type { Host } from './port.ts';
import { memorySpecimens } from './testing/memory-specimen.ts';

type Change = (effect: Effect, host: Host) => Promise<EffectAnswer>;

/** A host that carries out effects in its own way. */
function spoiled(change: Change): (host: Host) => Host {
  return (host) => ({
    load: () => host.load(),
    truncateLog: (end) => host.truncateLog(end),
    close: () => host.close(),
    carryOut: (effect) => change(effect, host),
  });
}

function onCommit(
  change: (effect: Extract<Effect, { kind: 'commit' }>, host: Host) => Promise<EffectAnswer>,
): (host: Host) => Host {
  return spoiled((effect, host) =>
    effect.kind === 'commit' ? change(effect, host) : host.carryOut(effect),
  );
}

function answering(kind: Effect['kind'], answer: EffectAnswer): (host: Host) => Host {
  return spoiled((effect, host) =>
    effect.kind === kind ? Promise.resolve(answer) : host.carryOut(effect),
  );
}

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function highS(signature: Uint8Array): Uint8Array {
  const s = signature.slice(32).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const high = (N - s).toString(16).padStart(64, '0');
  return Uint8Array.from([
    ...signature.slice(0, 32),
    ...Array.from({ length: 32 }, (_, at) => Number.parseInt(high.slice(at * 2, at * 2 + 2), 16)),
  ]);
}

/** A write-back cache that nobody flushes. */
function storingLate(host: Host): Host {
  let late: Effect | null = null;
  return spoiled(async (effect) => {
    const due = late;
    late = effect.kind === 'commit' ? effect : null;
    if (due !== null) await host.carryOut(due);
    return effect.kind === 'commit' ? true : host.carryOut(effect);
  })(host);
}

const FAILURES: readonly (readonly [how: string, spoil: (host: Host) => Host, caughtBy: string])[] =
  [
    [
      'verifies whatever it is shown',
      answering('verify', true),
      'refuses what its key did not sign',
    ],
    ['verifies nothing', answering('verify', false), 'enrols a key (-7)'],
    [
      'draws the same randomness for ever',
      spoiled((effect, host) =>
        effect.kind === 'random'
          ? Promise.resolve(new Uint8Array(effect.length))
          : host.carryOut(effect),
      ),
      'draws fresh randomness, also after opening again',
    ],
    [
      'signs high-S',
      spoiled(async (effect, host) => {
        const answer = await host.carryOut(effect);
        const isEs256 = effect.kind === 'sign' && effect.alg === ES256;
        return isEs256 && answer instanceof Uint8Array ? highS(answer) : answer;
      }),
      'signs so that others verify, low-S (-7)',
    ],
    [
      'says that it stored, and did not',
      answering('commit', true),
      'finds everything again after it was closed',
    ],
    [
      'stores the state without the log',
      onCommit((effect, host) =>
        host.carryOut({ ...effect, append: [], logEnd: effect.logEnd - effect.append.length }),
      ),
      'reads back its whole log, chained from the first entry',
    ],
    [
      'stores, and says that it did not',
      onCommit(async (effect, host) => {
        await host.carryOut(effect);
        return false;
      }),
      'enrols a key (-7)',
    ],
    [
      'stores the state that it refuses',
      onCommit(async (effect, host) => {
        const isStored = await host.carryOut(effect);
        if (isStored === false) await host.carryOut(effect);
        return isStored;
      }),
      'changes nothing when storage refuses a commit',
    ],
    [
      'stores late, when the next effect comes',
      storingLate,
      'keeps what it acknowledged when the power fails',
    ],
    [
      'forgets log entries that are still needed',
      onCommit((effect, host) => host.carryOut({ ...effect, keepFrom: effect.logEnd })),
      'reads back its whole log, chained from the first entry',
    ],
    [
      'keeps what was torn',
      (host) => ({
        load: () => host.load(),
        truncateLog: () => Promise.resolve(),
        close: () => host.close(),
        carryOut: (effect) => host.carryOut(effect),
      }),
      'pays wholly or not at all, cut torn each effect',
    ],
    [
      'gives a PIN try back when the power fails',
      storingLate,
      'gives no try back when the power fails',
    ],
    [
      'hashes every PIN to the same',
      answering('stretch', new Uint8Array(32)),
      'counts wrong PINs across closings, and blocks',
    ],
    ['has a clock of its own', answering('clock', 1), 'judges an expired request by its clock'],
  ];

async function outcome(name: string, spoil: (host: Host) => Host): Promise<string> {
  const check = CONFORMANCE.find((each) => each.name === name);
  if (check === undefined) throw new Error(`there is no check "${name}"`);
  return check.run(memorySpecimens({ spoil })).then(
    () => 'passed',
    () => 'failed',
  );
}

describe('the conformance suite', () => {
  for (const [how, spoil, caughtBy] of FAILURES) {
    it(`finds an environment that ${how}`, async () => {
      expect(await outcome(caughtBy, spoil)).toBe('failed');
      expect(await outcome(caughtBy, (host) => host)).toBe('passed');
    });
  }

  it('leaves out what an environment does not offer', () => {
    expect(checksFor([]).every(({ needs }) => needs.length === 0)).toBe(true);
    expect(checksFor(['faults', 'power', 'clock', 'ed25519'])).toEqual(CONFORMANCE);
  });
});
