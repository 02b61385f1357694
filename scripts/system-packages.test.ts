import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureSystemPackages, missingPackages, SYSTEM_PACKAGES } from './system-packages.mjs';

/** Stands in for apt-get: notes how it was called, and "installs" unless told not to. */
const APT = `#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> "$FOLDER/calls"
case "$*" in
  *install*) if [ -n "$BREAK_APT" ]; then echo 'E: no such package' >&2; exit 100; fi
    : > "$FOLDER/shown" ;;
esac
`;

let folder = '';
let lines: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-packages-'));
  lines = [];
  writeFileSync(join(folder, 'apt-get'), APT);
  chmodSync(join(folder, 'apt-get'), 0o755);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function ensure(host: { isRoot: boolean; path?: string; env?: Record<string, string> }): string[] {
  return ensureSystemPackages({
    packages: [{ name: 'reader', shownBy: join(folder, 'shown') }],
    isRoot: host.isRoot,
    env: { PATH: host.path ?? `${folder}:/usr/bin:/bin`, FOLDER: folder, ...host.env },
    say: (line: string) => lines.push(line),
  });
}

const calls = (): string => readFileSync(join(folder, 'calls'), 'utf8');

describe('system packages', () => {
  test('are left alone, without a word, when they are here', () => {
    writeFileSync(join(folder, 'shown'), '');
    expect(ensure({ isRoot: true })).toEqual([]);
    expect(lines).toEqual([]);
    expect(existsSync(join(folder, 'calls'))).toBe(false);
  });

  test('are installed by root without a question, in one line', () => {
    expect(ensure({ isRoot: true })).toEqual([]);
    expect(calls()).toMatch(
      /^noninteractive .* update\nnoninteractive .* install --yes .*reader\n$/,
    );
    expect(lines).toHaveLength(1);
  });

  test('are named, with what to do, where we may not install', () => {
    expect(ensure({ isRoot: false })).toEqual(['reader']);
    expect(ensure({ isRoot: true, path: '/nowhere' })).toEqual(['reader']);
    expect(existsSync(join(folder, 'calls'))).toBe(false);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain('apt-get install reader');
  });

  test('are named when the install fails, with its last word', () => {
    expect(ensure({ isRoot: true, env: { BREAK_APT: 'yes' } })).toEqual(['reader']);
    expect(lines.at(-1)).toContain('E: no such package');
  });

  test('name a file that is not there before and is after', () => {
    expect(missingPackages([{ name: 'a', shownBy: join(folder, 'a') }])).toEqual(['a']);
    for (const { shownBy } of SYSTEM_PACKAGES) expect(shownBy).toMatch(/^\/usr\//);
  });

  test('are brought by name, by the program', () => {
    const script = new URL('system-packages.mjs', import.meta.url).pathname;
    const bring = (...names: string[]): unknown[] => {
      const { status, stderr } = spawnSync(process.execPath, [script, ...names]);
      return [status, stderr.toString()];
    };
    // Node's own compiler of addons needs it wherever these tests run.
    expect(bring('libc6-dev')).toEqual([0, '']);
    expect(bring('reader')).toEqual([2, 'tallystick: no test or environment needs reader\n']);
  });
});
