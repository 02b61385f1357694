import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';
import { SummaryReporter } from './scripts/summary-reporter.ts';

export default defineConfig({
  test: {
    // One worker a core: by default vitest leaves one core idle, which on two is half of them.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'scripts/**/*.test.ts',
      'tests/**/*.test.ts',
      'fuzz/**/*.test.ts',
    ],
    reporters: ['default', new SummaryReporter()],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A test file without a test, or an expectation that never ran, must not look like a success.
    passWithNoTests: false,
    allowOnly: false,
  },
});
