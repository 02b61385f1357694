import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GUARDS } from '../scripts/mutate/guards.ts';
import { markersIn } from '../scripts/mutate/marker.ts';
import { without } from '../scripts/mutate/remove.ts';
import { allGuards, mutantOf, readSource, ROOT } from '../scripts/mutate/sources.ts';

const guards = allGuards();
const names = guards.map(({ name }) => name);

describe('the guards that the code names', () => {
  test('are at least two dozen, each with a name of its own', () => {
    expect(names.length).toBeGreaterThanOrEqual(24);
    expect(new Set(names).size).toBe(names.length);
  });

  test('cover every rule of the design', () => {
    const rules = new Set(guards.map(({ rule }) => rule));
    const wanted = Array.from({ length: 18 }, (_, index) => `rule ${index + 1}`);
    expect(wanted.filter((rule) => !rules.has(rule))).toEqual([]);
  });

  test('all have somebody who finds the hole, and nobody waits for a guard that is gone', () => {
    expect(Object.keys(GUARDS).sort()).toEqual([...names].sort());
    const finders = Object.values(GUARDS).map(({ finder }) => finder);
    const files = finders.flatMap((finder) => (finder.by === 'tests' ? finder.file : []));
    expect(files.filter((file) => !existsSync(ROOT + file))).toEqual([]);
    expect(finders.filter(({ by }) => by === 'worlds').length).toBeGreaterThanOrEqual(8);
  });

  test('can all be removed', () => {
    for (const guard of guards) expect(mutantOf(guard).source).not.toBe(readSource(guard.path));
  });

  test('are all in the table, and were all found', () => {
    const page = readSource('docs/guards.md');
    expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
    expect(page).not.toContain('**nobody**');
  });
});

describe('taking a guard out', () => {
  const source = [
    'export function f(a) {',
    '  // GUARD first (rule 1): says why,',
    '  // in two lines.',
    '  demand(a > 0);',
    '  // GUARD second (rule 2): again.',
    '  if (a > 1) return 1;',
    '  // GUARD third (INV-ONCE): and again.',
    '  return a < 2;',
    '}',
  ].join('\n');
  const of = (name: string) => markersIn('a.ts', source).filter((guard) => guard.name === name);

  test.each([
    ['first', undefined, '  ;'],
    ['second', undefined, '  if (false) return 1;'],
    ['third', 'true', '  return (true);'],
  ])('%s', (name, becomes, line) => {
    const [guard] = of(name);
    if (guard === undefined) throw new Error('it has no marker');
    expect(without(source, guard, becomes).source).toContain(`${line}\n`);
  });

  test('reads the reason over several lines', () => {
    expect(of('first')[0]?.says).toBe('says why, in two lines');
  });

  test('refuses what is no marker, and what has no value to lose', () => {
    expect(() => markersIn('a.ts', '// GUARD Nameless: why')).toThrow('no marker');
    const [third] = of('third');
    if (third === undefined) throw new Error('it has no marker');
    expect(() => without(source, third, undefined)).toThrow('ReturnStatement');
  });
});

test('three guards are missed as soon as they are gone', () => {
  const chosen = ['low-s', 'accept-once', 'replay-memory'].flatMap((name) => ['--guard', name]);
  const { status, stdout } = spawnSync(process.execPath, ['scripts/mutate/main.ts', ...chosen], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stdout).toContain('3 guards, 0 that can go and nobody notices');
  expect(status).toBe(0);
}, 300_000);
