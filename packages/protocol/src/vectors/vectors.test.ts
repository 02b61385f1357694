import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Json, Vector, VectorFile } from './file.ts';
import { fileText, vectorFiles } from './generate.ts';
import { render, same } from './render.ts';
import { replay, replayFile } from './replay.ts';

const folder = new URL('../../../../spec/vectors/', import.meta.url);
const names = readdirSync(folder).filter((each) => each.endsWith('.json'));
const stored = new Map(names.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));

const isInvalid = ({ expect: wanted }: Vector): boolean => 'code' in wanted;
const everyVector = vectorFiles.flatMap(({ vectors }) => vectors);

describe('the stored vectors', () => {
  test('are of the chapters there are', () => {
    expect(names).toEqual(vectorFiles.map(({ chapter }) => `${chapter}.json`).toSorted());
  });

  test.each(names)('%s: each comes out as it says', (name) => {
    expect(replayFile(JSON.parse(stored.get(name) ?? '') as VectorFile)).toEqual([]);
  });

  test.each(vectorFiles.map((file) => [file.chapter, file] as const))(
    '%s is byte for byte what the code makes (npm run vectors writes it anew)',
    (chapter, file) => {
      expect(stored.get(`${chapter}.json`) === fileText(file)).toBe(true);
    },
  );

  test('are many, and mostly refused', () => {
    expect(everyVector.filter(isInvalid).length).toBeGreaterThanOrEqual(500);
    expect(everyVector.filter((each) => !isInvalid(each)).length).toBeGreaterThanOrEqual(90);
  });

  test('are named apart within a chapter', () => {
    for (const { chapter, vectors } of vectorFiles) {
      const known = new Set(vectors.map(({ name }) => name));
      expect([chapter, known.size]).toEqual([chapter, vectors.length]);
    }
  });

  test('show every code that reading and checking alone can give', () => {
    const shown = new Set(
      everyVector.map(({ expect: wanted }) => ('code' in wanted ? wanted.code : 'OK')),
    );
    expect([...shown].toSorted()).toEqual([
      'ALGORITHM_MISMATCH',
      'AMOUNT_OVERFLOW',
      'BAD_AMOUNT',
      'BAD_FIELD',
      'BAD_SIGNATURE',
      'CERTIFICATE_EXPIRED',
      'HIGH_S',
      'MALFORMED',
      'MISSING_FIELD',
      'NON_CANONICAL',
      'OK',
      'OVERSIZED',
      'PROOF_FAILS',
      'TRAILING_BYTES',
      'UNKNOWN_ALGORITHM',
      'UNKNOWN_CERTIFICATE',
      'UNKNOWN_ISSUER',
      'WRONG_CURRENCY',
      'WRONG_KIND',
      'WRONG_ROLE',
    ]);
  });
});

describe('the replay', () => {
  const file = vectorFiles.find(({ chapter }) => chapter === '06-requests-and-payments');
  const [accepted, ...rest] = file?.vectors ?? [];
  const refused = rest.find(isInvalid);

  test('reports a vector that is accepted with other fields', () => {
    const fields = { ...(replay(accepted!) as { fields: Record<string, Json> }).fields, id: '00' };
    const changed = { ...file!, vectors: [{ ...accepted!, expect: { fields } }] };
    expect(replayFile(changed)).toMatchObject([{ name: accepted!.name, wanted: { fields } }]);
  });

  test('reports a vector that should be refused and is not, and the other way round', () => {
    const wrongCode = { ...accepted!, expect: { code: 'BAD_FIELD' } } as Vector;
    const wrongFields = { ...refused!, expect: { fields: {} } };
    const differences = replayFile({ ...file!, vectors: [wrongCode, wrongFields] });
    expect(differences.map(({ outcome }) => Object.keys(outcome))).toEqual([['fields'], ['code']]);
  });

  test('reports a vector refused with another code', () => {
    const other = { ...refused!, expect: { code: 'STALE' } } as Vector;
    expect(replayFile({ ...file!, vectors: [other] })).toHaveLength(1);
  });
});

describe('rendering', () => {
  test('is what JSON can hold', () => {
    const value = { a: 5n, b: Uint8Array.of(1, 255), c: [null, true, 'x'], d: new Map([[-1, 2]]) };
    expect(render(value)).toEqual({
      a: '5',
      b: '01ff',
      c: [null, true, 'x'],
      d: { map: [[-1, 2]] },
    });
    expect(() => render(undefined)).toThrow(TypeError);
  });

  test.each<[Json, Json, boolean]>([
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [null, {}, false],
    ['1', 1, false],
    [[null], [null], true],
  ])('%j and %j are the same: %s', (a, b, expected) => {
    expect(same(a, b)).toBe(expected);
    expect(same(b, a)).toBe(expected);
  });
});
