import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  restoreSnapshots,
  rollbackPage,
  type RollbackRun,
  type StreetRow,
} from '@tallystick/cli/rollback';
import { describe, expect, test } from 'vitest';
import { walkEverySet } from '../scripts/rollback-page/run.ts';

const docs = new URL('../docs/', import.meta.url);
const kept = JSON.parse(readFileSync(new URL('rollback.json', docs), 'utf8')) as RollbackRun;

function made(...on: ('counter' | 'epoch' | 'witnesses' | 'log')[]): bigint {
  const row = kept.street.find((each) =>
    (['counter', 'epoch', 'witnesses', 'log'] as const).every(
      (layer) => each[layer] === on.includes(layer),
    ),
  );
  if (row === undefined) throw new Error(`no row with ${on.join(', ')} on`);
  return BigInt(row.counterfeit);
}

describe('the layers against rollback', () => {
  test('do in the street what the documents say, each set of them', () => {
    expect(walkEverySet()).toEqual(kept.street);
  }, 300_000);

  test.skipIf(!existsSync('/usr/bin/swtpm') && process.env.CI !== 'true')(
    'do at the device what the documents say: with the counter on, an old state is refused',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tallystick-try-rollback-'));
      await chmod(folder, 0o755);
      const nothing = (): void => undefined;
      const restored = await restoreSnapshots({ folder, setVariable: nothing, begin: nothing });
      await rm(folder, { recursive: true, force: true });
      expect(restored).toEqual(kept.restored);
      expect(restored).toContainEqual({
        environment: 'tee',
        outcome: 'prevented',
        refusal: 'TAMPERED',
        remark: null,
      });
      expect(
        restored.find(({ environment }) => environment === 'tee without counter'),
      ).toMatchObject({ outcome: 'succeeded' });
    },
    300_000,
  );

  test('are on the page as they were found', () => {
    expect(readFileSync(new URL('rollback.md', docs), 'utf8')).toBe(rollbackPage(kept));
  });

  test('contribute each by itself, and the counter whatever the others do', () => {
    const counted = kept.street.filter(({ counter }) => counter);
    const came = ({ counterfeit, accepted, over, proven, named }: StreetRow): unknown => ({
      counterfeit,
      accepted,
      over,
      proven,
      named,
    });
    expect(new Set(counted.map((row) => JSON.stringify(came(row)))).size).toBe(1);
    expect(made('counter')).toBe(0n);
    expect(made('witnesses')).toBeLessThan(made('log'));
    expect(made('log')).toBeLessThan(made('epoch'));
    expect(made('epoch')).toBeLessThan(made());
    for (const { epoch, witnesses, log, proven, named, stale, counter } of kept.street) {
      if (counter) continue;
      expect(proven !== null).toBe(witnesses);
      expect(named !== null).toBe(log || witnesses);
      expect(stale !== null).toBe(epoch);
    }
  });
});
