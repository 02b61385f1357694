import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSharedRoot } from './shared-root.ts';

/** Only root needs a shared root, and only root can give one away. */
describe.runIf(process.getuid?.() === 0)('a folder that root shares', () => {
  const account = { uid: 54_321, gid: 54_321 };
  const log: string[] = [];
  const open = (...candidates: string[]): Promise<string> =>
    openSharedRoot(candidates, account, (line) => log.push(line));
  let base = '';
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'tallystick-shared-'));
    await chmod(base, 0o755);
  });
  afterAll(() => rm(base, { recursive: true }));

  test('is created so that everybody can enter, and says that it may vanish', async () => {
    const folder = join(base, 'fresh');
    expect(await open(folder)).toBe(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
    expect(log.at(-1)).toContain('the system may empty');
  });

  test('is not one that anybody can write to, enter through a link, or not enter', async () => {
    const writable = join(base, 'writable');
    await mkdir(writable);
    await chmod(writable, 0o777);
    const linked = join(base, 'linked');
    await mkdir(join(base, 'target'));
    await symlink(join(base, 'target'), linked);
    const shut = join(base, 'shut');
    await mkdir(shut, { mode: 0o700 });
    const good = join(base, 'good');
    expect(await open(writable, linked, join(shut, 'inner'), good)).toBe(good);
    await expect(open(writable, linked)).rejects.toMatchObject({ code: 'EMBEDDED_UNREACHABLE' });
  });
});
