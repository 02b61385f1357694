import { describe, expect, test } from 'vitest';
import { readCorpus } from './engine/corpus.ts';
import { measured } from './engine/measure.ts';
import { allTargets, targetNamed } from './targets/index.ts';

/** Every stored input, and every seed, on every target; times are not judged here. */
const targets = await allTargets();
const untimed = (): number => 0;

describe('stored inputs', () => {
  test.each(targets.map((target) => [target.name, target] as const))(
    'of %s keep every promise',
    async (name, target) => {
      const inputs = [...target.seeds, ...readCorpus(name)];
      expect(readCorpus(name).length).toBeGreaterThan(0);
      for (const input of inputs) await measured(target, input, untimed);
    },
  );
});

test('every target is found by its name', async () => {
  const names = targets.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect((await targetNamed(name)).name).toBe(name);
  await expect(targetNamed('nothing')).rejects.toThrow('no target nothing');
});
