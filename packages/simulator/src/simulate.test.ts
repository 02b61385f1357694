import { createNativeVerifier } from '@tallystick/backend';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, it } from 'vitest';
import { simulate } from './index.ts';

const verify = createNativeVerifier(1_000);

describe('a world from a seed', () => {
  it('is the same to the last byte when it is run again, whoever verifies', async () => {
    const options = { seed: 'again', steps: 600 };
    const [first, second] = [
      await simulate({ ...options, verify }),
      await simulate({ ...options, verify: softwareVerify }),
    ];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  it('is another one from another seed', async () => {
    const reports = [
      await simulate({ seed: 'one', steps: 200, verify }),
      await simulate({ seed: 'two', steps: 200, verify }),
    ];
    expect(reports[0]?.backend.ledgerHash).not.toBe(reports[1]?.backend.ledgerHash);
  });

  it('makes every kind of fault happen, and finds who cheated', async () => {
    const { faults, backend, payments, violations } = await simulate({
      seed: 'faults',
      steps: 6_000,
      wallets: 8,
      attackers: 14,
      rates: { lostReportedEarly: 4, lostReportedLate: 4, outages: 40 },
      verify,
    });
    expect(Object.entries(faults).filter(([, count]) => count === 0)).toEqual([]);
    expect(backend.culprits.length).toBeGreaterThan(0);
    expect(backend.culprits.every((name) => name.startsWith('attacker'))).toBe(true);
    expect(payments.restored).toBeGreaterThan(0);
    expect(payments.highestHop).toBeGreaterThan(2);
    expect(violations).toEqual([]);
  });

  it('without attackers recognises no loss and names nobody', async () => {
    const { backend, truth } = await simulate({
      seed: 'honest',
      steps: 1_500,
      attackers: 0,
      verify,
    });
    expect(backend).toMatchObject({ loss: '0', balances: '0', culprits: [], balanced: true });
    expect(truth).toMatchObject({ counterfeit: '0', balances: '0', inFlight: '0', issued: '0' });
  });
});
