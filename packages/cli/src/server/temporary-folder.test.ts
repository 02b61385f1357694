import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withTemporaryFolder } from './temporary-folder.ts';

test('nothing stays of a lent folder, nor of a database that moved out of it', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'tallystick-try-outside-'));
  const moved = join(outside, 'moved');
  let lent = '';
  const failed = withTemporaryFolder('try', async (folder) => {
    lent = folder;
    await mkdir(moved);
    await writeFile(join(moved, 'data'), 'x');
    await mkdir(join(folder, 'postgres'));
    await symlink(moved, join(folder, 'postgres', 'moved-to'));
    throw new Error('the work failed');
  });
  await expect(failed).rejects.toThrow('the work failed');
  expect([existsSync(lent), existsSync(moved), existsSync(outside)]).toEqual([false, false, true]);
  await rm(outside, { recursive: true });
});
