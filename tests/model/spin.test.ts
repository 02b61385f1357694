import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasSpin, SPIN_RULES, verify } from '../../scripts/model/spin.ts';

/** On a machine of one's own a missing tool is a visible skip; elsewhere a failure. */
const isSkipped = !hasSpin() && process.env.CI === undefined;
/** The compiler is what takes the time, on a busy machine. */
const TIMEOUT_MS = 300_000;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-spin-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(isSkipped)('the torn tap, searched exhaustively', { timeout: TIMEOUT_MS }, () => {
  test('leaves the money with exactly one, both know, and nobody is stuck', () => {
    const { broken, states } = verify(folder, []);
    expect(broken).toEqual([]);
    expect(states).toBeGreaterThan(5_000);
  });

  test.each(Object.entries(SPIN_RULES))('without %s breaks %s', (rule, promise) => {
    expect(verify(folder, [rule]).broken).toContain(promise);
  });
});
