import { LIMITS, type Result, unwrap } from '@tallystick/protocol';
import { encodeCommand, readReply } from '@tallystick/trusted-app';
import { describe, expect, it } from 'vitest';
import type { Boot, Core } from './core.ts';
import { hostElement, openElement } from './element.ts';
import { emptyDisk } from './memory/disk.ts';
import { noFaults, PowerFailure } from './memory/faults.ts';
import { memoryHost } from './memory/host.ts';
import { seededRandom } from './memory/random.ts';
import type { Host } from './port.ts';
import { TEST_IDENTITY } from './testing/identity.ts';

const STATUS = encodeCommand({ kind: 1 });
const PREPARE = encodeCommand({ kind: 2, alg: -7, challenge: new Uint8Array(32), pin: null });

/** A host that says when it was closed. */
function watched(change: Partial<Host> = {}): { host: Host; closed: () => number } {
  const faults = noFaults();
  const random = seededRandom('element');
  const inner = memoryHost({ disk: emptyDisk(), random, clock: () => null, faults });
  let closed = 0;
  const host: Host = {
    load: () => inner.load(),
    truncateLog: (end) => inner.truncateLog(end),
    carryOut: (effect) => inner.carryOut(effect),
    close: () => {
      closed += 1;
      return inner.close();
    },
    ...change,
  };
  return { host, closed: () => closed };
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'OK' : result.error.code);

describe('an element', () => {
  it('closes its host once, however often it is closed', async () => {
    const { host, closed } = watched();
    const element = unwrap(await openElement(host, TEST_IDENTITY));
    await Promise.all([element.close(), element.close()]);
    await element.close();
    expect(closed()).toBe(1);
  });

  it('closes its host when it cannot boot (TS-TRE-4)', async () => {
    const load = (): ReturnType<Host['load']> =>
      Promise.resolve({ state: new Uint8Array(5), logEnd: 0 });
    const { host, closed } = watched({ load });
    expect(codeOf(await openElement(host, TEST_IDENTITY))).toBe('TAMPERED');
    expect(closed()).toBe(1);
  });

  it('closes its host when storage cannot be read', async () => {
    const load = (): ReturnType<Host['load']> => Promise.reject(new PowerFailure());
    const { host, closed } = watched({ load });
    await expect(openElement(host, TEST_IDENTITY)).rejects.toThrow(PowerFailure);
    expect(closed()).toBe(1);
  });

  it('is gone once an effect throws, for those that wait too, and still closes (INV-ONCE)', async () => {
    const { host, closed } = watched({ carryOut: () => Promise.reject(new PowerFailure()) });
    const element = unwrap(await openElement(host, TEST_IDENTITY));
    const outcomes = await Promise.allSettled([
      element.execute(PREPARE),
      element.execute(STATUS),
      element.readLog(1, 1),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await element.close();
    expect(closed()).toBe(1);
  });

  it('refuses a state that could not be read back, without asking the host (TS-TRE-3)', async () => {
    const answers: unknown[] = [];
    const state = new Uint8Array(LIMITS.stateBytes + 1);
    const core: Core = {
      command: () => ({ effect: { kind: 'commit', state, append: [], logEnd: 0, keepFrom: 0 } }),
      answer: (answer) => {
        answers.push(answer);
        return { reply: STATUS };
      },
    };
    const { measurement } = TEST_IDENTITY;
    const boot: Boot = () => ({ ok: true, value: { core, logEnd: 0, measurement } });
    const carryOut = (): never => {
      throw new Error('the host was asked');
    };
    const element = unwrap(await hostElement(watched({ carryOut }).host, boot));
    await element.execute(STATUS);
    expect(answers).toEqual([false]);
  });

  it('answers while it is blank', async () => {
    const element = unwrap(await openElement(watched().host, TEST_IDENTITY));
    expect(codeOf(readReply(await element.execute(STATUS)))).toBe('NOT_PERSONALISED');
    expect(codeOf(readReply(await element.execute(PREPARE)))).toBe('OK');
  });
});
