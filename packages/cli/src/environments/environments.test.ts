import { expect, test } from 'vitest';
import { ENVIRONMENTS } from './index.ts';
import { ENVIRONMENT_NAMES } from './names.ts';

test('the names on the command line are those of the environments, in their order', () => {
  expect(ENVIRONMENTS.map(({ name }) => name)).toEqual(ENVIRONMENT_NAMES);
});
