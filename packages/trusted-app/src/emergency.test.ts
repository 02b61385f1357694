import type { Policy, Tier } from '@tallystick/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ask,
  DAY,
  load,
  payCommand,
  personalised,
  policyChange,
  receiveCommand,
  START,
  type Tap,
  type TestPurse,
  testScheme,
} from './testing/index.ts';

/**
 * A region without network (rule 11, TS-POL-6 to 8): what a purse does in the second week, with the
 * scheme's normal windows of 7 and 10 days, and with a root-signed emergency policy off a poster.
 */

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
let ada: TestPurse;
let bo: TestPurse;

const LOWER: Partial<Tier> = {
  paymentMax: 2_000n,
  totalMax: 6_000n,
  countMax: 10,
  stepUpAbove: 2_500n,
  payerCap: 5_000n,
  offlineSeconds: 21 * DAY,
};

function emergency(version: number, change: Partial<Policy> = {}): Uint8Array {
  const policy = policyChange(LOWER, { version, emergency: true, staleSeconds: 21 * DAY });
  return scheme.signPolicy({ ...policy, issuedAt: START + 5 * DAY, ...change });
}

function normal(version: number, issuedAt: number): Uint8Array {
  return scheme.signPolicy({ ...policyChange({}, { version }), issuedAt });
}

function adopt(policy: Uint8Array, ...purses: readonly TestPurse[]): void {
  for (const purse of purses) purse.get({ kind: 13, policy }, 0);
}

beforeEach(() => {
  ada = personalised(scheme, alpha, 'ada');
  bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 20_000n);
});

/** Ada pays Bo so many days after both have synced: what the payer says, and then the payee. */
function pay(day: number, amount: bigint): string {
  const now = START + day * DAY;
  ada.clock = now;
  bo.clock = now;
  const request = ask(bo, amount, { expires: now + 600 });
  const paid = ada.run(payCommand(request, bo.certificate, { despiteDoubt: true }));
  if (!paid.ok) return `payer: ${paid.error.code}`;
  if (paid.value.kind !== 1) throw new Error('a payment is answered by a message');
  const { message: payment, id } = paid.value;
  const tap: Tap = {
    payer: ada,
    payee: bo,
    request,
    payment,
    id,
    payerCertificate: ada.certificate,
    payeeCertificate: bo.certificate,
  };
  const code = bo.code(receiveCommand(tap));
  return code === 'OK' ? 'paid' : `payee: ${code}`;
}

describe('a second week without network', () => {
  it('ends all payments under the normal policy', () => {
    expect(pay(7, 100n)).toBe('paid');
    expect(pay(8, 100n)).toBe('payer: OFFLINE_TOO_LONG');
  });

  it('goes on under an emergency policy, from whomever it came', () => {
    adopt(emergency(2), ada, bo);
    for (const day of [8, 9, 10, 11, 12]) expect(pay(day, 1_000n)).toBe('paid');
  });

  it('within the lower caps of the emergency, at payer and payee', () => {
    adopt(emergency(2), ada, bo);
    expect(pay(8, 2_001n)).toBe('payer: OVER_PAYMENT_LIMIT');
    expect(pay(8, 2_000n)).toBe('paid');
    expect(pay(9, 2_000n)).toBe('paid');
    expect(pay(10, 2_000n)).toBe('payee: OVER_PAYER_CAP');
    expect(pay(11, 1_000n)).toBe('payer: OVER_TOTAL_LIMIT');
  });

  it('counts against the lower caps what left before they applied', () => {
    expect(pay(1, 5_000n)).toBe('paid');
    adopt(emergency(2), ada, bo);
    expect(pay(8, 1_001n)).toBe('payer: OVER_TOTAL_LIMIT');
    expect(pay(8, 1_000n)).toBe('payee: OVER_PAYER_CAP');
  });

  it('not with a payee that has not heard of the emergency', () => {
    adopt(emergency(2), ada);
    expect(pay(9, 100n)).toBe('payee: ACCEPT_BY_TOO_FAR');
  });

  it('not with a payer whose sync is staler than the payee goes by', () => {
    adopt(emergency(2), ada);
    const later = START + 11 * DAY;
    const strict = { ...policyChange(LOWER, { version: 2 }), issuedAt: later };
    adopt(scheme.signPolicy(strict), bo);
    expect(pay(10.5, 100n)).toBe('payee: PAYER_STALE');
    adopt(emergency(3, { issuedAt: later + 1 }), bo);
    expect(pay(10.5, 100n)).toBe('paid');
  });

  it('ends with the emergency, as soon as a newer policy says so', () => {
    adopt(emergency(2), ada, bo);
    expect(pay(9, 100n)).toBe('paid');
    adopt(normal(3, START + 9 * DAY), ada, bo);
    expect(pay(9, 100n)).toBe('payer: OFFLINE_TOO_LONG');
    expect(ada.code({ kind: 13, policy: emergency(2) })).toBe('STALE');
  });

  it('and at last with the windows of the emergency itself', () => {
    adopt(emergency(2), ada, bo);
    expect(pay(21, 100n)).toBe('paid');
    expect(pay(21.1, 100n)).toBe('payer: OFFLINE_TOO_LONG');
  });

  it('is not for a certificate past its hard expiry, emergency or not (TS-POL-8)', () => {
    const cy = personalised(scheme, alpha, 'cy', { expires: START + 9 * DAY });
    load(cy, alpha, 20_000n);
    adopt(emergency(2), cy, bo);
    ada = cy;
    expect(pay(8, 100n)).toBe('paid');
    adopt(emergency(3, { issuedAt: START + 9 * DAY }), bo);
    expect(pay(8.9, 100n)).toBe('payee: CERTIFICATE_EXPIRED');
  });

  it('is not declared by anybody but the root', () => {
    const forged = emergency(2);
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(ada.code({ kind: 13, policy: forged })).toBe('BAD_SIGNATURE');
  });
});
