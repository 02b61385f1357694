import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LONGEST } from './longest-first.ts';

test('the longest test files are where the list says', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  expect(LONGEST.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});
