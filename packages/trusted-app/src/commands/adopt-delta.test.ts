import { LIMITS, type StatusDelta, statusDelta } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  ask,
  DAY,
  load,
  payCommand,
  personalised,
  receiveCommand,
  START,
  tap,
  type TestPurse,
  testScheme,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let ada: TestPurse;
let bo: TestPurse;

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
});

function delta(change: Partial<StatusDelta>, by = scheme.operator): Command {
  const fields = { base: 1, version: 2, issuedAt: START, revoked: [], ...change };
  return { kind: 22, delta: by.sign(statusDelta.encode(fields)), certificate: by.certificate };
}
const list = (version: number, revoked: readonly number[], issuedAt = START): Command => ({
  kind: 14,
  list: scheme.signList({ version, revoked, issuedAt }),
  certificate: scheme.operator.certificate,
});

/** The code, and that a refusal changed nothing at all. */
function refused(command: Command): string {
  const before = ada.backup();
  const code = ada.code(command);
  expect(ada.backup()).toEqual(before);
  return code;
}

describe('a delta of the status list (TS-LST-8)', () => {
  it('revokes from now on, and says so in the log with the version it leads to', () => {
    const cy = personalised(scheme, alpha, 'cy', { statusIndex: 4_711 });
    load(cy, alpha, 100n);
    const tapped = tap(cy, bo, 5n);
    const { seq } = bo.purse;
    bo.get(delta({ version: 4, revoked: [3, 4_711], issuedAt: START + DAY }), 0);
    expect(bo.purse).toMatchObject({ seq: seq + 1, listVersion: 4, floor: START + DAY });
    bo.restart();
    expect(bo.code(receiveCommand(tapped))).toBe('REVOKED');
    expect(bo.code(payCommand(ask(cy, 1n), cy.certificate))).toBe('REVOKED');
  });

  it('from a later base revokes as well, but raises no version: something is missing', () => {
    const cy = personalised(scheme, alpha, 'cy', { statusIndex: 4_711 });
    load(cy, alpha, 100n);
    const tapped = tap(cy, bo, 5n);
    bo.get(delta({ base: 2, version: 9, revoked: [4_711] }), 0);
    expect(bo.purse).toMatchObject({ listVersion: 1, late: [4_711] });
    expect(bo.code(receiveCommand(tapped))).toBe('REVOKED');
    bo.get(delta({ base: 1, version: 9, revoked: [8, 4_711] }), 0);
    expect(bo.purse).toMatchObject({ listVersion: 9, late: [8, 4_711] });
  });

  it('that brings nothing new changes nothing, not even the time', () => {
    ada.get(delta({ version: 3, revoked: [5] }), 0);
    const before = ada.backup();
    ada.get(delta({ version: 3, revoked: [5], issuedAt: START + DAY }), 0);
    ada.get(delta({ base: 7, version: 9, revoked: [5], issuedAt: START + DAY }), 0);
    expect(ada.backup()).toEqual(before);
  });

  it('to an older version is refused', () => {
    ada.get(list(3, [5]), 0);
    expect(refused(delta({ version: 2, revoked: [6] }))).toBe('STALE');
  });

  it('is kept until a list has what it says, whichever comes first', () => {
    ada.get(delta({ base: 5, version: 6, revoked: [7, 9] }), 0);
    ada.get(list(4, [9]), 0);
    expect(ada.purse).toMatchObject({ listVersion: 4, late: [7] });
    ada.get(list(6, [7, 9]), 0);
    expect(ada.purse).toMatchObject({ listVersion: 6, late: [] });
    ada.get(delta({ base: 6, version: 7, revoked: [7, 9] }), 0);
    expect(ada.purse).toMatchObject({ listVersion: 7, late: [] });
  });

  it('of a wrong beacon is refused', () => {
    ada.clock = START;
    const issuedAt = START + scheme.policy.skewSeconds + 1;
    expect(refused(delta({ version: 2, revoked: [6], issuedAt }))).toBe('TIME_SKEW');
  });

  it('comes from the operator alone', () => {
    expect(refused(delta({ revoked: [6] }, beta.issuer))).toBe('WRONG_ROLE');
    const other = testScheme('other').operator;
    expect(refused(delta({ revoked: [6] }, other))).toBe('UNKNOWN_ISSUER');
    const { certificate } = scheme.operator;
    expect(refused({ ...(delta({}, beta.issuer) as object), certificate } as Command)).toBe(
      'UNKNOWN_CERTIFICATE',
    );
  });

  it('past what a purse keeps is refused whole: nothing is dropped to make room', () => {
    const all = Array.from({ length: LIMITS.deltaEntries }, (_, index) => 10 + 2 * index);
    ada.get(delta({ base: 8, version: 9, revoked: all }), 0);
    expect(refused(delta({ base: 8, version: 9, revoked: [3] }))).toBe('NEEDS_SYNC');
    ada.restart();
    expect(ada.purse.late).toEqual(all);
    ada.get(list(9, [3, ...all]), 0);
    expect(ada.purse.late).toEqual([]);
  });

  it('revokes this purse itself: it pays no more', () => {
    load(ada, alpha, 100n);
    const own = 100;
    ada = personalised(scheme, alpha, 'ada again', { statusIndex: own });
    load(ada, alpha, 100n);
    ada.get(delta({ revoked: [own] }), 0);
    expect(ada.code(payCommand(ask(bo, 1n), bo.certificate))).toBe('REVOKED');
  });
});
