/** How many checks or tests ended each way. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The last line of a run: `12 passed, 0 failed`, with `, 1 skipped` only when there is one. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

/** Whether a message from the test process is its counts. */
export function isCounts(value: unknown): value is Counts {
  return (
    typeof value === 'object' &&
    value !== null &&
    'passed' in value &&
    'failed' in value &&
    'skipped' in value
  );
}
