import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allows, canEnter, canRead } from './access.ts';

describe('permission bits', () => {
  const file = { uid: 10, gid: 20, mode: 0o754 };
  test.each([
    ['the owner by the first digit', { uid: 10, gid: 20 }, 0o7, true],
    ['the group by the second', { uid: 11, gid: 20 }, 0o5, true],
    ['the group no further', { uid: 11, gid: 20 }, 0o2, false],
    ['others by the third', { uid: 11, gid: 21 }, 0o4, true],
    ['others no further', { uid: 11, gid: 21 }, 0o1, false],
  ])('judge %s', (_, account, wanted, expected) => {
    expect(allows(file, account, wanted)).toBe(expected);
  });

  test('shut the owner out even where others may pass', () => {
    const odd = { uid: 10, gid: 20, mode: 0o077 };
    expect(allows(odd, { uid: 10, gid: 20 }, 0o1)).toBe(false);
  });
});

describe('a path', () => {
  const stranger = { uid: 54_321, gid: 54_321 };
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'tallystick-access-'));
    await chmod(root, 0o755);
    await mkdir(join(root, 'shut/inner'), { recursive: true });
    await mkdir(join(root, 'open'));
    for (const folder of ['shut/inner', 'open']) await chmod(join(root, folder), 0o755);
    await chmod(join(root, 'shut'), 0o700);
    await writeFile(join(root, 'open/file'), '', { mode: 0o644 });
    await writeFile(join(root, 'open/secret'), '', { mode: 0o600 });
  });
  afterAll(() => rm(root, { recursive: true }));

  test('is closed by any closed folder above it', async () => {
    const { uid, gid } = await stat(root);
    expect(await canEnter(join(root, 'shut/inner'), { uid, gid })).toBe(true);
    expect(await canEnter(join(root, 'shut/inner'), stranger)).toBe(false);
    expect(await canRead(join(root, 'open/secret'), stranger)).toBe(false);
  });

  test('is open when every folder is', async () => {
    expect(await canEnter(join(root, 'open'), stranger)).toBe(await canEnter(tmpdir(), stranger));
    expect(await canRead(join(root, 'open/file'), stranger)).toBe(
      await canEnter(tmpdir(), stranger),
    );
  });
});
