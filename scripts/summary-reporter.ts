import type { Reporter, TestModule } from 'vitest/node';
import { type Counts, countsLine } from './counts.ts';

/**
 * Ends a run with one line, `N passed, N failed`.
 *
 * A file that could not be loaded and an error outside any test count as failures: nothing that
 * went wrong may hide behind a zero. Under `scripts/check.ts` the counts go to the parent, which
 * adds its own checks and prints the line itself.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) addModule(counts, module);
    if (process.send !== undefined) {
      process.send(counts);
      return;
    }
    // The other reporters print their own summary at the same moment; ours has to come last.
    process.once('exit', () => process.stdout.write(`${countsLine(counts)}\n`));
  }
}

function addModule(counts: Counts, module: TestModule): void {
  let failedTests = 0;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') counts.passed += 1;
    else if (state === 'failed') failedTests += 1;
    else if (state === 'skipped') counts.skipped += 1;
    // A test left pending was never run to its end.
    else failedTests += 1;
  }
  // A module can fail with no failed test: its import threw, or one of its hooks did.
  counts.failed += failedTests === 0 && module.state() === 'failed' ? 1 : failedTests;
}
