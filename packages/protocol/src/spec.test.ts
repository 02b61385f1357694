import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeCode, PRECEDENCE } from './errors.ts';
import { RECORD } from './record.ts';
import { vectorFiles, withTables } from './vectors/generate.ts';

const root = new URL('../../../', import.meta.url);
const spec = new URL('spec/', root);

const chapters = new Map(
  readdirSync(spec)
    .filter((name) => name.endsWith('.md'))
    .map((name) => [name, readFileSync(new URL(name, spec), 'utf8')]),
);
const readme = chapters.get('README.md') ?? '';

/** Where a clause opens: its number in bold, at the start of a line. */
const OPENING = /^\*\*(TS-[A-Z]{3}-\d+[a-z]?)\*\* /gm;

/** The text of each clause, from its number to the next one or heading. */
const clauses = new Map(
  [...chapters].flatMap(([name, text]) => {
    const openings = [...text.matchAll(OPENING)];
    return openings.map((match, index) => {
      const end = openings[index + 1]?.index ?? text.length;
      const body = text.slice(match.index, end).split(/^#/m)[0] ?? '';
      return [match[1] ?? '', { chapter: name, body }] as const;
    });
  }),
);

/** Clause numbers that a text names; `TS-PAY-5 to 8` names four. */
function clausesNamed(text: string): string[] {
  return [...text.matchAll(/(TS-[A-Z]{3}-)(\d+)([a-z]?)(?: to (\d+))?/g)].flatMap(
    ([, prefix = '', from = '', letter = '', to = from]) =>
      Array.from(
        { length: Number(to) - Number(from) + 1 },
        (_, index) => `${prefix}${Number(from) + index}${letter}`,
      ),
  );
}

/** Every TypeScript source of the repository, with its path. */
function sources(): (readonly [path: string, text: string])[] {
  return ['packages', 'scripts', 'tests'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .filter((path) => !path.includes('node_modules'))
      .map((path) => `${folder}/${path}`)
      .map((path) => [path, readFileSync(new URL(path, root), 'utf8')] as const),
  );
}

describe('clauses', () => {
  test('stand once each', () => {
    const opened = [...chapters.values()].flatMap((text) =>
      [...text.matchAll(OPENING)].map((match) => match[1]),
    );
    expect(opened.filter((each, index) => opened.indexOf(each) !== index)).toEqual([]);
    expect(opened.length).toBeGreaterThan(100);
  });

  test('are numbered from 1 without gaps', () => {
    const numbers = new Map<string, number[]>();
    for (const clause of clauses.keys()) {
      const [, prefix = '', number = ''] = /^(TS-[A-Z]{3})-(\d+)$/.exec(clause) ?? [];
      if (prefix !== '') numbers.set(prefix, [...(numbers.get(prefix) ?? []), Number(number)]);
    }
    for (const [prefix, found] of numbers) {
      expect([prefix, found]).toEqual([prefix, found.map((_, index) => index + 1)]);
    }
  });

  test('stand in the chapter that the index names', () => {
    const index = [...readme.matchAll(/^\| \[\d+\. .+\]\((.+\.md)\) \|\s*(.*?)\s*\|$/gm)];
    expect(index.map((match) => match[1])).toEqual(
      [...chapters.keys()].filter((name) => name !== 'README.md').toSorted(),
    );
    const chapterOf = new Map(
      index.flatMap(([, chapter, prefixes = '']) =>
        prefixes
          .split(', ')
          .filter((prefix) => prefix !== '')
          .map((prefix) => [prefix, chapter]),
      ),
    );
    for (const [clause, { chapter }] of clauses) {
      expect([clause, chapter]).toEqual([clause, chapterOf.get(clause.slice(0, 6))]);
    }
  });

  test('that the code, the tests and the specification itself name exist', () => {
    const texts = [...sources(), ...chapters];
    const missing = texts.flatMap(([path, text]) =>
      clausesNamed(text)
        .filter((clause) => !clauses.has(clause))
        .map((clause) => `${path}: ${clause}`),
    );
    expect(missing).toEqual([]);
    expect(texts.flatMap(([, text]) => clausesNamed(text)).length).toBeGreaterThan(500);
  });

  test('that the vectors show exist', () => {
    for (const { vectors } of vectorFiles) {
      for (const { name, clause } of vectors) {
        expect([name, clause, clauses.has(clause)]).toEqual([name, clause, true]);
      }
    }
  });
});

describe('error codes', () => {
  test.each(PRECEDENCE)('%s is named by the clause it belongs to', (code) => {
    const { clause = '' } = describeCode(code) ?? {};
    expect(clauses.get(clause)?.body).toContain(`\`${code}\``);
  });

  test('named anywhere in the specification exist', () => {
    const known = new Set<string>(PRECEDENCE);
    const named = [...chapters].flatMap(([name, text]) =>
      [...text.matchAll(/`([A-Z]+(?:_[A-Z]+)+|[A-Z]{4,})`/g)].map(
        (match) => [name, match[1] ?? ''] as const,
      ),
    );
    expect(named.filter(([, code]) => !known.has(code))).toEqual([]);
    expect(new Set(named.map(([, code]) => code)).size).toBe(known.size);
  });
});

describe('what is measured', () => {
  const marks = /<!-- measured: ([a-z-]+) -->/g;

  test.each([...chapters.keys()])('in %s is as the code has it (npm run vectors)', (name) => {
    const text = chapters.get(name) ?? '';
    expect(withTables(text) === text).toBe(true);
  });

  test('stands once each, and no table is left empty', () => {
    const names = [...chapters.values()].flatMap((text) =>
      [...text.matchAll(marks)].map((match) => match[1]),
    );
    expect(new Set(names)).toEqual(
      new Set([
        'algorithm-bytes',
        'errors',
        'hop-bytes',
        'limits',
        'message-bytes',
        'payment-bytes',
      ]),
    );
    expect(names).toHaveLength(6);
    const all = [...chapters.values()].join('');
    expect(all).not.toMatch(/<!-- measured: [a-z-]+ -->\n+<!-- end -->/);
  });

  test('the goals that the chapter on payments claims are met', () => {
    const text = chapters.get('06-requests-and-payments.md') ?? '';
    const [, typical, largest] =
      /frame with certificate\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)/.exec(text) ?? [];
    const [, bare, bareMost] =
      /holds the certificate\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)/.exec(text) ?? [];
    expect(Number(typical)).toBeLessThanOrEqual(300);
    expect(Number(largest)).toBeLessThan(320);
    expect(Number(bare)).toBeLessThanOrEqual(160);
    expect(Number(bareMost)).toBeLessThanOrEqual(160);
  });
});

test('kinds of payloads are those of the code', () => {
  const block = /; kinds of payloads\n([^`]+)```/.exec(chapters.get('01-encoding.md') ?? '')?.[1];
  const kinds = [...(block ?? '').matchAll(/([a-z-]+) = (\d+)/g)].map(([, name = '', number]) => [
    name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    Number(number),
  ]);
  expect(Object.fromEntries(kinds)).toEqual(RECORD);
});

test('links lead somewhere', () => {
  const broken = [...chapters].flatMap(([name, text]) =>
    [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(new URL(target, spec)))
      .map((target) => `${name}: ${target}`),
  );
  expect(broken).toEqual([]);
});
