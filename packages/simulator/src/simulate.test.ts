import { createNativeVerifier } from '@tallystick/backend';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, it } from 'vitest';
import { type Fault, FAULTS, simulate } from './index.ts';

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

  /** Faults of a world about people, and about what befalls everybody at once. */
  const RARE: readonly Fault[] = [
    'lostReportedEarly',
    'lostReportedLate',
    'lostReportedFalsely',
    'outages',
    'emergencies',
  ];
  const IMAGES: readonly Fault[] = ['imagesReleased', 'imagesWithdrawn', 'imagesUpdated'];

  it('makes every kind of fault happen, and finds who cheated', async () => {
    const { faults, backend, payments, violations } = await simulate({
      seed: 'faults 4',
      steps: 2_500,
      wallets: 5,
      terminals: 1,
      attackers: 7,
      rates: {
        outages: 0,
        imagesReleased: 0,
        lostReportedEarly: 0,
        lostReportedLate: 0,
        lostReportedFalsely: 0,
        acceptedAndVoided: 80,
        omittedFromSync: 60,
        collusions: 60,
        loadsTakenTwice: 80,
        keysExtracted: 30,
        claimedTwice: 40,
        failedCommits: 10,
        backendDisksFull: 12,
      },
      verify,
    });
    expect(violations).toEqual([]);
    const common = FAULTS.filter((fault) => ![...RARE, ...IMAGES].includes(fault));
    expect(common.filter((fault) => faults[fault] === 0)).toEqual([]);
    expect(backend.culprits.length).toBeGreaterThan(0);
    expect(backend.culprits.every((name) => name.startsWith('attacker'))).toBe(true);
    expect(payments.restored).toBeGreaterThan(0);
    expect(payments.highestHop).toBeGreaterThan(2);
  });

  it('loses devices and the network, and gives back what was in them', async () => {
    const { faults, violations } = await simulate({
      seed: 'lost',
      steps: 1_500,
      rates: {
        lostReportedEarly: 12,
        lostReportedLate: 12,
        lostReportedFalsely: 30,
        outages: 60,
        imagesReleased: 0,
      },
      verify,
    });
    expect(violations).toEqual([]);
    expect(RARE.filter((fault) => faults[fault] === 0)).toEqual([]);
  });

  it('updates the trusted application in place, also where the one before is withdrawn', async () => {
    const { faults, violations } = await simulate({
      seed: 'c',
      steps: 1_500,
      rates: { imagesReleased: 90, imagesWithdrawn: 500, outages: 0 },
      verify,
    });
    expect(violations).toEqual([]);
    expect(IMAGES.filter((fault) => faults[fault] < 2)).toEqual([]);
  });

  it('without attackers recognises no loss and names nobody', async () => {
    const { backend, truth } = await simulate({
      seed: 'honest 2',
      steps: 1_500,
      attackers: 0,
      verify,
    });
    expect(backend).toMatchObject({ loss: '0', balances: '0', culprits: [], balanced: true });
    expect(truth).toMatchObject({ counterfeit: '0', balances: '0', inFlight: '0', issued: '0' });
  });
});
