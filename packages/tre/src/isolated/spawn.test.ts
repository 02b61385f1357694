import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownUser } from './own-user.ts';
import { processPort } from './process-port.ts';
import { forkConfined } from './spawn.ts';

const PRISONER = fileURLToPath(new URL('../testing/prisoner.ts', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prison-'));
  await copyFile(PRISONER, join(folder, 'prisoner.ts'));
});
afterAll(() => rm(folder, { recursive: true }));

async function tell(): Promise<{ user: number; outcomes: Record<string, string> }> {
  const told = await processPort(forkConfined(join(folder, 'prisoner.ts'))).receive();
  return JSON.parse(new TextDecoder().decode(told)) as Awaited<ReturnType<typeof tell>>;
}

test('the process of an element can neither read, write, start nor see anything', async () => {
  const { outcomes } = await tell();
  expect(outcomes).toEqual({
    'read a file': 'ERR_ACCESS_DENIED',
    'list a folder': 'ERR_ACCESS_DENIED',
    'write a file': 'ERR_ACCESS_DENIED',
    'start a program': 'ERR_ACCESS_DENIED',
    'start a thread': 'ERR_ACCESS_DENIED',
    'load native code': 'ERR_DLOPEN_DISABLED',
    'attach a debugger': 'ERR_ACCESS_DENIED',
    'see a variable': 'NONE',
  });
});

test('it is a user of its own, where root starts it and that user can read its program', async () => {
  // Nobody but root can enter the folder.
  expect((await tell()).user).toBe(process.getuid?.());
  await chmod(folder, 0o755);
  const own = ownUser([process.execPath, join(folder, 'prisoner.ts')]);
  expect((await tell()).user).toBe(own ?? process.getuid?.());
});
