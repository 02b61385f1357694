/** How much is measured. */
export interface Scale {
  readonly nativePayments: number;
  readonly jsPayments: number;
  /** First payments, each in an engine of its own. */
  readonly coldPayments: number;
  /** Taps of two purses in each environment. */
  readonly environmentTaps: number;
  /** Signatures that all cores verify for one rate. */
  readonly checks: number;
  /** Payers, and as many payees, of the ledger that is settled. */
  readonly purses: number;
  readonly paymentsEach: number;
  /** Purses beside them that do nothing. */
  readonly idlePurses: number;
  readonly simulatedSteps: number;
  /** Two numbers of purses, between which a slope is measured. */
  readonly storedPurses: readonly [number, number];
  /** Multiples of 25. */
  readonly simulatedPurses: readonly [number, number];
}

export const FULL: Scale = {
  nativePayments: 150,
  jsPayments: 40,
  coldPayments: 7,
  environmentTaps: 60,
  checks: 20_000,
  purses: 2_500,
  paymentsEach: 20,
  idlePurses: 100_000,
  simulatedSteps: 4_000,
  storedPurses: [2_000, 10_000],
  simulatedPurses: [100, 400],
};

export const QUICK: Scale = {
  nativePayments: 10,
  jsPayments: 3,
  coldPayments: 1,
  environmentTaps: 2,
  checks: 400,
  purses: 4,
  paymentsEach: 5,
  idlePurses: 20,
  simulatedSteps: 300,
  storedPurses: [100, 300],
  simulatedPurses: [25, 75],
};
