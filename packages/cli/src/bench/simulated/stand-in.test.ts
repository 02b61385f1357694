import { type Report, simulate } from '@tallystick/simulator';
import { softwareSign, softwareVerify } from '@tallystick/protocol/software';
import { expect, test } from 'vitest';
import { StandIn } from './stand-in.ts';

const WORLD = { seed: 'stand-in', steps: 150, wallets: 3, terminals: 1, attackers: 1 };

/** Records name requests by their bytes, signatures included, and so hashes over them differ. */
const comparable = (report: Report): unknown => ({
  ...report,
  backend: { ...report.backend, ledgerHash: null },
});

test('a world signed with hashes lives as one that is signed for real', async () => {
  const standIn = new StandIn();
  const counted = await simulate({ ...WORLD, sign: standIn.sign, verify: standIn.verify });
  const real = await simulate({ ...WORLD, sign: softwareSign, verify: softwareVerify });
  expect(comparable(counted)).toEqual(comparable(real));
  expect(counted.payments.made).toBeGreaterThan(0);
  expect(standIn.made).toBeGreaterThan(counted.payments.made);
  expect(standIn.verified).toBeGreaterThan(counted.payments.made);
});
