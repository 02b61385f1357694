import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTrace } from '../../scripts/model/itf.ts';
import { quint, simulate } from '../../scripts/model/quint.ts';
import { replay } from '../../scripts/model/replay.ts';
import { RULES } from '../../scripts/model/rules.ts';

const TIMEOUT_MS = 300_000;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-model-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the model', () => {
  test('is well typed', { timeout: TIMEOUT_MS }, async () => {
    expect(await quint(['typecheck', 'rules.qnt'])).toMatchObject({ exitCode: 0 });
  });

  test('ends known stories as they must end', { timeout: TIMEOUT_MS }, async () => {
    const { exitCode, output } = await quint(['test', 'scenarios.qnt', '--backend=typescript']);
    expect(output).toMatch(/[5-9] passing/);
    expect(exitCode).toBe(0);
  });
});

describe('without a rule', () => {
  test.each(RULES)(
    '$name the model breaks $breaks, and the code does not follow it there',
    { timeout: TIMEOUT_MS },
    async ({ name, breaks, search }) => {
      const path = join(folder, `${name}_{seq}.itf.json`);
      const { broken } = await simulate(search, { path, count: 1 });
      expect(broken).toContain(breaks);
      const { divergence } = await replay(readTrace(path.replace('{seq}', '0')));
      expect(divergence).not.toBeNull();
    },
  );
});
