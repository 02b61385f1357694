import { ASSURANCE, type Bytes, ED25519, ES256, encodeCbor } from '@tallystick/protocol';
import type { Scheme } from '@tallystick/backend/core';

/** Issuer time at which every world starts. */
export const WORLD_START = 1_790_000_000;
export const HOUR = 3_600;
export const DAY: number = 24 * HOUR;

/** What stands for the code of the trusted application's image in each of its versions. */
export function imageCode(version: number): Bytes {
  return encodeCbor(['simulated image', version]);
}
export const ENVIRONMENT = 'plain-process';

/** Most that a payee takes from one payer's certificate between two of its syncs, in minor units. */
export const PAYER_CAP = 40_000n;

/** The rules of the simulated world: windows short enough that a run crosses them many times. */
export const WORLD_SCHEME: Scheme = {
  id: 'simulated',
  name: 'Simulated world',
  sandbox: true,
  currency: 978,
  statusListUri: 'sim:status',
  algorithms: [ES256, ED25519],
  hopMax: 6,
  acceptMinutes: 12 * 60,
  claimSeconds: 4 * DAY,
  staleSeconds: 5 * DAY,
  graceSeconds: 20 * DAY,
  skewSeconds: 6 * HOUR,
  emergency: {
    staleSeconds: 15 * DAY,
    tiers: [
      {
        tier: 1,
        paymentMax: 5_000n,
        totalMax: 20_000n,
        countMax: 30,
        stepUpAbove: 2_500n,
        payerCap: 10_000n,
        offlineSeconds: 14 * DAY,
      },
      {
        tier: 2,
        paymentMax: 0n,
        totalMax: 0n,
        countMax: 0,
        stepUpAbove: 10_000_000n,
        payerCap: 0n,
        offlineSeconds: 30 * DAY,
      },
    ],
  },
  certificateSeconds: {
    authority: 3_650 * DAY,
    issuer: 730 * DAY,
    purse: 400 * DAY,
    acceptancePoint: 400 * DAY,
  },
  tiers: [
    {
      tier: 1,
      name: 'private purse',
      assurance: ASSURANCE.software,
      holder: 'person',
      paymentMax: 20_000n,
      balanceMax: 100_000n,
      totalMax: 80_000n,
      countMax: 60,
      stepUpAbove: 10_000n,
      payerCap: PAYER_CAP,
      offlineSeconds: 4 * DAY,
    },
    {
      tier: 2,
      name: 'acceptance point',
      assurance: ASSURANCE.software,
      holder: 'acceptancePoint',
      paymentMax: 0n,
      balanceMax: 10_000_000n,
      totalMax: 0n,
      countMax: 0,
      stepUpAbove: 10_000_000n,
      payerCap: 0n,
      offlineSeconds: 30 * DAY,
    },
  ],
  environments: [
    {
      environment: ENVIRONMENT,
      name: 'simulated device',
      attestation: 'self-asserted',
      assurance: ASSURANCE.software,
    },
  ],
  hardware: { tpmRoots: [], bootDigests: null, webauthn: null },
  tampering: ['unlock'],
  publisher: null,
  leadSeconds: DAY,
  supersededSeconds: 10 * DAY,
  operator: { code: 'SIMOPERA', name: 'Operator' },
  participants: [
    { code: 'ALPHSESS', name: 'Alpha' },
    { code: 'BETASESS', name: 'Beta' },
  ],
  liability: { forkLoss: 'culprit-participant', lateClaims: 'fund-with-recourse' },
};
