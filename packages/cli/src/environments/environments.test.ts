import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ENVIRONMENTS } from './index.ts';
import { ENVIRONMENT_NAMES } from './names.ts';

test('every package that an environment is made of is one that the tests bring', () => {
  const script = new URL('../../../../scripts/system-packages.mjs', import.meta.url).pathname;
  const names = ENVIRONMENTS.flatMap(({ packages }) => packages);
  expect(names).toContain('swtpm');
  // It refuses names that it does not know; whether the packages are here is another matter.
  expect(spawnSync(process.execPath, [script, ...new Set(names)]).status).not.toBe(2);
});

test('the names on the command line are those of the environments, in their order', () => {
  expect(ENVIRONMENTS.map(({ name }) => name)).toEqual(ENVIRONMENT_NAMES);
});
