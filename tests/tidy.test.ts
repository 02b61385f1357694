import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RULES } from '../scripts/tidy/rules.ts';
import { type Finding, readFiles, readTree, type TextFile } from '../scripts/tidy/tree.ts';
import { CLEAN, VIOLATIONS, withFiles } from './tidy-seeds.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function findingsIn(files: readonly TextFile[]): Finding[] {
  const tree = readTree(files);
  return RULES.flatMap((rule) => rule.check(tree));
}

describe('the walls of the house', () => {
  test('stand in this repository', () => {
    const findings = findingsIn(readFiles(ROOT));
    const lines = findings.map(
      ({ rule, path, line, message }) => `${path}:${line} ${rule}: ${message}`,
    );
    expect(lines).toEqual([]);
  });

  test('look at the sources of every package', () => {
    const seen = new Set(
      readTree(readFiles(ROOT)).sources.map(({ path }) => path.split('/').slice(0, 2).join('/')),
    );
    const packages = ['protocol', 'trusted-app', 'tre', 'wallet', 'backend', 'simulator', 'cli'];
    for (const name of packages) expect(seen).toContain(`packages/${name}`);
    expect(seen).toContain('scripts/tidy');
  });

  test('let a clean tree pass, whatever its comments and strings say', () => {
    expect(findingsIn(CLEAN)).toEqual([]);
  });
});

describe('a seeded violation is seen by its own rule and by no other', () => {
  test.each(VIOLATIONS)('$rule: $what', ({ rule, files, path, line }) => {
    const findings = findingsIn(withFiles(CLEAN, files));
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    expect(findings).toContainEqual(expect.objectContaining({ path, line }));
  });

  test('every rule has one', () => {
    const seeded = new Set(VIOLATIONS.map(({ rule }) => rule));
    expect(RULES.map(({ name }) => name).filter((name) => !seeded.has(name))).toEqual([]);
  });
});
