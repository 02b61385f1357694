import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Test files that take longest, the longest first. On a fresh clone nothing else knows: one that starts
 * last runs alone while the other cores have nothing left to do.
 */
export const LONGEST: readonly string[] = [
  'tests/crash/crash.test.ts',
  'tests/model/rules.test.ts',
  'packages/cli/src/attack/attack.test.ts',
  'packages/backend/src/reconciliation/hundred.test.ts',
  'packages/backend/src/database/embedded.test.ts',
  'fuzz/short-run.test.ts',
  'tests/apps/wallet.test.ts',
  'tests/apps/terminal.test.ts',
  'packages/cli/src/conformance/faults.test.ts',
  'tests/model/replay.test.ts',
  'packages/simulator/src/sweep-1.test.ts',
  'packages/simulator/src/sweep-2.test.ts',
  'packages/simulator/src/sweep-3.test.ts',
  'packages/simulator/src/sweep-4.test.ts',
  'packages/cli/src/conformance/conformance.test.ts',
  'packages/cli/src/bench/bench.test.ts',
  'packages/tre/src/crash.test.ts',
  'packages/cli/src/demo/demo.test.ts',
  'packages/simulator/src/systematic/messages.test.ts',
  'packages/tre/src/virtual-se/virtual-se.test.ts',
  'packages/tre/src/virtual-se/port-suite.test.ts',
  'packages/tre/src/tee/port-suite.test.ts',
  'packages/tre/src/tee/tee.test.ts',
  'packages/tre/src/smartcard/port-suite.test.ts',
  'packages/tre/src/smartcard/smartcard.test.ts',
];

/** Starts the longest test files first, and the others in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
  return place < 0 ? LONGEST.length : place;
}
