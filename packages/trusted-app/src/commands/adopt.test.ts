import { deflateSync } from 'node:zlib';
import {
  type Bytes,
  type Cbor,
  decodeCbor,
  decodeCertificate,
  encodeCbor,
  encodeStatusList,
  LIMITS,
  NO_EXTERNAL,
  STATUS_LIST_TYPE,
  statusBits,
} from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  ask,
  DAY,
  load,
  payCommand,
  personalised,
  policyChange,
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

type PolicyChange = Parameters<typeof scheme.signPolicy>[0];
type ListChange = Parameters<typeof scheme.signList>[0];

const policy = (change: PolicyChange): Command => ({
  kind: 13,
  policy: scheme.signPolicy(change),
});
const list = (change: ListChange): Command => ({
  kind: 14,
  list: scheme.signList(change),
  certificate: scheme.operator.certificate,
});

/** So many zeros in zlib form. */
const zeros = (length: number): Bytes => deflateSync(new Uint8Array(length));

/** The code, and that a refusal changed nothing at all. */
function refused(command: Command): string {
  const before = ada.backup();
  const code = ada.code(command);
  expect(ada.backup()).toEqual(before);
  return code;
}

describe('a newer policy (TS-POL)', () => {
  it('takes effect at once, and is in the log', () => {
    load(ada, alpha, 1_000n);
    const { seq } = ada.purse;
    ada.get(policy(policyChange({ paymentMax: 5n })), 0);
    expect(ada.purse.seq).toBe(seq + 1);
    expect(ada.code(payCommand(ask(bo, 6n), bo.certificate))).toBe('OVER_PAYMENT_LIMIT');
  });

  it('of the version in force changes nothing, an older one is refused (TS-POL-3)', () => {
    ada.get(policy({ version: 3 }), 0);
    const before = ada.backup();
    ada.get(policy({ version: 3, hopMax: 1 }), 0);
    expect(ada.backup()).toEqual(before);
    expect(refused(policy({ version: 2 }))).toBe('STALE');
  });

  it('of another currency is refused first', () => {
    expect(refused(policy({ version: 0, currency: 840 }))).toBe('WRONG_CURRENCY');
  });

  it('comes from the root alone', () => {
    const other = testScheme('other').signPolicy({ version: 9 });
    expect(refused({ kind: 13, policy: other })).toBe('UNKNOWN_ISSUER');
  });
});

describe('a newer status list (TS-LST)', () => {
  it('revokes from now on, whoever brought it', () => {
    const cy = personalised(scheme, alpha, 'cy', { statusIndex: 4_711 });
    load(cy, alpha, 100n);
    const tapped = tap(cy, bo, 5n);
    bo.get(list({ version: 2, revoked: [3, 4_711, 9_000] }), 0);
    bo.restart();
    expect(bo.code(receiveCommand(tapped))).toBe('REVOKED');
    expect(ada.code(payCommand(ask(cy, 1n), cy.certificate))).toBe('INSUFFICIENT_FUNDS');
    ada.get(list({ version: 2, revoked: [4_711] }), 0);
    expect(ada.code(payCommand(ask(cy, 1n), cy.certificate))).toBe('REVOKED');
  });

  it('of the version in store changes nothing, an older one is refused (TS-LST-3)', () => {
    ada.get(list({ version: 3, revoked: [5] }), 0);
    const before = ada.backup();
    ada.get(list({ version: 3 }), 0);
    expect(ada.backup()).toEqual(before);
    expect(refused(list({ version: 2 }))).toBe('STALE');
  });

  it('of any size a list may have leaves a state that can be read back', () => {
    // A whole tier revoked: a million entries, but a small list.
    const revoked = Array.from({ length: 1_000_000 }, (_, index) => 1_000 + index);
    ada.get(list({ version: 2, revoked }), 0);
    expect(ada.stored?.length).toBeLessThan(LIMITS.stateBytes / 10);
    ada.restart();
    const cy = personalised(scheme, alpha, 'cy', { statusIndex: 500_000 });
    expect(ada.code(payCommand(ask(cy, 1n), cy.certificate))).toBe('REVOKED');
    expect(ada.code(payCommand(ask(bo, 1n), bo.certificate))).toBe('INSUFFICIENT_FUNDS');
  });

  it('comes from the operator alone', () => {
    const { certificate } = beta.issuer;
    const payload = encodeStatusList({
      uri: 'x',
      issuedAt: START,
      version: 9,
      bits: statusBits([1]),
    });
    const signed = beta.issuer.signBytes({
      external: NO_EXTERNAL,
      payload,
      typ: STATUS_LIST_TYPE,
    });
    expect(refused({ kind: 14, list: signed, certificate })).toBe('WRONG_ROLE');
    const { certificate: operator } = scheme.operator;
    expect(refused({ kind: 14, list: signed, certificate: operator })).toBe('UNKNOWN_CERTIFICATE');
    const authority = scheme.authorities[0]!;
    expect(refused({ kind: 14, list: signed, certificate: authority })).toBe('WRONG_KIND');
  });

  it.each([
    ['no zlib data', 'BAD_FIELD', new Uint8Array(300)],
    ['too many', 'OVERSIZED', zeros(LIMITS.listEntries / 8 + 1)],
  ])('whose bits are %s is refused for that only if the operator signed it', (_, code, packed) => {
    const content = { uri: 'x', issuedAt: START, version: 2, bits: statusBits([]) };
    const claims = decodeCbor(encodeStatusList(content)) as Map<number, Cbor>;
    const lst = new Map<string, Cbor>([
      ['bits', 1],
      ['lst', packed],
    ]);
    const signed = scheme.operator.signBytes({
      external: NO_EXTERNAL,
      payload: encodeCbor(claims.set(65533, lst)),
      typ: STATUS_LIST_TYPE,
    });
    const { certificate } = scheme.operator;
    expect(refused({ kind: 14, list: signed, certificate })).toBe(code);
    const forged = signed.with(signed.length - 33, signed.at(-33)! ^ 1);
    expect(refused({ kind: 14, list: forged, certificate })).toBe('BAD_SIGNATURE');
  });

  it('by a key that is revoked itself, or whose authority expired, is refused', () => {
    const { expires } = decodeCertificate(scheme.operator.certificate);
    ada.get(list({ version: 2, revoked: [0] }), 0);
    expect(refused(list({ version: 3 }))).toBe('REVOKED');
    ada.edit({ floor: expires });
    expect(refused(list({ version: 3 }))).toBe('CERTIFICATE_EXPIRED');
  });
});

describe('issuer time (TS-TIM)', () => {
  const skew = scheme.policy.skewSeconds;

  it('is the latest that an issuer signed, never a clock, never earlier (TS-TIM-2)', () => {
    ada.clock = START + 5 * DAY;
    ada.get(list({ version: 2, issuedAt: START + DAY }), 0);
    expect(ada.purse.floor).toBe(START + DAY);
    ada.get(policy({ version: 2, issuedAt: START }), 0);
    ada.get(list({ version: 3, issuedAt: START - DAY }), 0);
    expect(ada.purse.floor).toBe(START + DAY);
  });

  it('may lie ahead of clock and floor by the skew, and no more (TS-TIM-3)', () => {
    expect(refused(list({ version: 2, issuedAt: START + skew + 1 }))).toBe('TIME_SKEW');
    expect(refused(policy({ version: 2, issuedAt: START + skew + 1 }))).toBe('TIME_SKEW');
    ada.get(list({ version: 2, issuedAt: START + skew }), 0);
    expect(ada.purse.floor).toBe(START + skew);
    ada.clock = START + 2 * skew;
    expect(refused(list({ version: 3, issuedAt: START + 3 * skew + 1 }))).toBe('TIME_SKEW');
    ada.get(list({ version: 3, issuedAt: START + 3 * skew }), 0);
  });

  it('is believed where there is no clock, or none that tells a time', () => {
    for (const clock of [null, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const device = personalised(scheme, alpha, `clock ${clock}`);
      device.clock = clock;
      device.get(list({ version: 2, issuedAt: START + 10 * skew }), 0);
      expect(device.purse.floor).toBe(START + 10 * skew);
    }
  });
});
