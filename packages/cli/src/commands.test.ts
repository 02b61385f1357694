import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';

test('every command has a published schema, and every schema its command or file', () => {
  const folder = new URL('../../../spec/json/', import.meta.url);
  const schemas = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));
  const names = schemas.map((name) => name.replace('.schema.json', ''));
  expect(names.sort()).toEqual([...COMMANDS.map(({ name }) => name), 'trust'].sort());
});
