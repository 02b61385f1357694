import { type Bytes, LIMITS } from '@tallystick/protocol';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Command } from '../command.ts';
import { ask, DAY, payCommand, personalised, START, testScheme } from '../testing/index.ts';

/** How often a status list is unpacked (TS-LST-2): streams opened, and calls that need none. */
const work = vi.hoisted(() => ({ passes: 0 }));
interface Inflater {
  readonly Unzlib: new (...parameters: unknown[]) => object;
  readonly unzlibSync: (...parameters: unknown[]) => Uint8Array;
}
vi.mock('fflate', async (original) => {
  const real = await original<Inflater>();
  class Unzlib extends real.Unzlib {
    constructor(...parameters: unknown[]) {
      super(...parameters);
      work.passes += 1;
    }
  }
  const unzlibSync = (...parameters: unknown[]): Uint8Array => {
    work.passes += 1;
    return real.unzlibSync(...parameters);
  };
  return { ...real, Unzlib, unzlibSync };
});

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const ada = personalised(scheme, alpha, 'ada');
const bo = personalised(scheme, beta, 'bo');
const fresh = ada.backup();
const request = ask(bo, 5n);
beforeEach(() => {
  ada.rollback(fresh);
  work.passes = 0;
});

const importing = (list: Bytes): Command => ({
  kind: 14,
  list,
  certificate: scheme.operator.certificate,
});
/** Half of all indices, in about a thousand packed bytes. */
const LARGE = scheme.signList({
  version: 2,
  revoked: Array.from({ length: LIMITS.listEntries / 2 }, (_, index) => 2 * index + 1),
});

it.each([
  ['a small list', scheme.signList({ version: 2, revoked: [4_711] })],
  ['a large list', LARGE],
])('%s is unpacked once: by its import, or after a restart by the first look at it', (_, list) => {
  // The operator's own certificate is looked up in the list before.
  const before = 1;
  ada.get(importing(list), 0);
  expect(work.passes).toBe(before + 1);
  expect(ada.code(payCommand(request, bo.certificate))).not.toBe('OK');
  expect(work.passes).toBe(before + 1);
  ada.restart();
  for (let time = 0; time < 3; time++) ada.code(payCommand(request, bo.certificate));
  expect(work.passes).toBe(before + 2);
});

it.each<[string, string, Bytes]>([
  ['is forged', 'BAD_SIGNATURE', LARGE.with(LARGE.length - 33, LARGE.at(-33)! ^ 1)],
  ['is old', 'STALE', scheme.signList({ version: 1 })],
  ['is from the future', 'TIME_SKEW', scheme.signList({ version: 3, issuedAt: START + 99 * DAY })],
])('a list that %s is not unpacked', (_, code, list) => {
  ada.clock = START;
  ada.get(importing(scheme.signList({ version: 2 })), 0);
  work.passes = 0;
  expect(ada.code(importing(list))).toBe(code);
  expect(work.passes).toBe(0);
});
