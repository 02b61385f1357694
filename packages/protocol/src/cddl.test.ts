import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { concat } from './bytes.ts';
import { encodeCbor } from './cbor.ts';
import { fits, parseCddl } from './testing/cddl.ts';
import { hex } from './testing/outcome.ts';
import type { Subject, Vector } from './vectors/file.ts';
import { vectorFiles } from './vectors/generate.ts';

const spec = new URL('../../../spec/', import.meta.url);
const text = readdirSync(spec)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => [
    ...readFileSync(new URL(name, spec), 'utf8').matchAll(/```cddl\n([^]*?)```/g),
  ])
  .map((match) => match[1] ?? '')
  .join('\n');
const cddl = parseCddl(text);

/** Kinds of vectors whose rule has another name; the rest is called the same in both. */
const RULES: Partial<Record<Subject, string | null>> = {
  evidence: 'payment-evidence',
  cbor: null,
  'amount-text': null,
  'chain-step': null,
  'enrolment-binding': null,
  witness: null,
};

const every = vectorFiles
  .flatMap(({ vectors }) => vectors)
  .map((vector) => ({
    vector,
    rule: RULES[vector.of] === undefined ? vector.of : RULES[vector.of],
  }))
  .filter((each): each is { vector: Vector; rule: string } => each.rule !== null);

const bytesOf = ({ input, zeros = 0 }: Vector): Uint8Array =>
  concat(hex(input), new Uint8Array(zeros));
const codeWanted = ({ expect: wanted }: Vector): string => ('code' in wanted ? wanted.code : 'OK');

/** Codes of the form of a message, which the grammar can express. */
const FORM = new Set(['WRONG_KIND', 'MISSING_FIELD', 'BAD_AMOUNT', 'AMOUNT_OVERFLOW']);

describe('the grammar of the specification', () => {
  test('has a rule for each kind of message', () => {
    expect(every.filter(({ rule }) => !cddl.has(rule))).toEqual([]);
    expect(cddl.size).toBeGreaterThan(50);
  });

  test('takes every message that is accepted', () => {
    const accepted = every.filter(({ vector }) => codeWanted(vector) === 'OK');
    const refused = accepted.filter(({ vector, rule }) => !fits(cddl, rule, bytesOf(vector)));
    expect(refused.map(({ vector }) => vector.name)).toEqual([]);
    expect(accepted.length).toBeGreaterThan(50);
  });

  test('refuses every message of a wrong kind, without a field, or with a wrong amount', () => {
    const broken = every.filter(({ vector }) => FORM.has(codeWanted(vector)));
    const taken = broken.filter(({ vector, rule }) => fits(cddl, rule, bytesOf(vector)));
    // What a proof carries is bytes to its grammar.
    expect(taken.map(({ vector }) => vector.name)).toEqual(['a request, which has no position']);
    expect(broken.length).toBeGreaterThan(150);
  });

  test('refuses what is out of range, but for what only words say', () => {
    const broken = every.filter(({ vector }) => codeWanted(vector) === 'BAD_FIELD');
    const taken = broken.filter(({ vector, rule }) => fits(cddl, rule, bytesOf(vector)));
    expect(taken.map(({ vector }) => vector.name)).toEqual([
      'an algorithm with longer signatures',
      'a name that turns the line around',
      'a name with a line end',
      '33 tiers',
      'one tier twice',
      'one measurement twice',
      'a list that is not compressed',
      'a list with a wrong checksum',
      'a base after its version',
      '5 alone with too small a parameter',
      '5 alone with too large a parameter',
      '5 alone with a bit set behind it',
      '5 alone with a byte behind it',
      '5 alone without its last bits',
      'a quotient without end',
      'two where there is one',
      'nothing, with a parameter',
      'nothing, with bits',
      'an index past the list',
      'an answer that settles too many',
      'an enrolment of a key of another length',
      'an enrolment of an uncompressed key',
      'a refund that takes back too many payments',
      'an introduction with too many certificates',
      'a part of a witness',
      'one witness twice',
      'witnesses in descending order',
    ]);
    expect(broken.length).toBeGreaterThan(150);
  });

  test('takes what is well-formed but not authentic', () => {
    const codes = new Set([
      'BAD_SIGNATURE',
      'CERTIFICATE_EXPIRED',
      'PROOF_FAILS',
      'UNKNOWN_ISSUER',
    ]);
    const genuine = every.filter(({ vector }) => codes.has(codeWanted(vector)));
    const refused = genuine.filter(({ vector, rule }) => !fits(cddl, rule, bytesOf(vector)));
    expect(refused.map(({ vector }) => vector.name)).toEqual([]);
  });
});

describe('the subset of CDDL', () => {
  const rules = parseCddl(`
    pair<payload> = [a: payload, ? b: tstr .size (1..2)] ; a comment
    number = pair<1..3> / pair<bool>
    some = { 1: "x", ? -2: [* uint], 3: bstr .cbor number }
  `);
  const some = (...entries: [number, unknown][]): Uint8Array =>
    encodeCbor(new Map(entries) as never);
  const inner = encodeCbor([2]);

  test.each<[string, Uint8Array, boolean]>([
    ['number', encodeCbor([3]), true],
    ['number', encodeCbor([true, 'é']), true],
    ['number', encodeCbor([4]), false],
    ['number', encodeCbor([3, 'abc']), false],
    ['number', encodeCbor([3, 'a', 1]), false],
    ['number', encodeCbor([]), false],
    ['some', some([1, 'x'], [3, inner]), true],
    ['some', some([1, 'x'], [3, inner], [-2, [1, 2]]), true],
    ['some', some([1, 'x'], [3, inner], [-2, [1, -2]]), false],
    ['some', some([1, 'y'], [3, inner]), false],
    ['some', some([1, 'x']), false],
    ['some', some([1, 'x'], [3, encodeCbor([9])]), false],
    ['some', some([1, 'x'], [3, inner], [4, 0]), false],
  ])('%s', (rule, bytes, expected) => {
    expect(fits(rules, rule, bytes)).toBe(expected);
  });

  test.each(['a = ', 'a = [1 2]', 'a = %', 'a = 1 a = 2', 'a = bstr .regexp "x"', 'a = (1'])(
    '%s is refused',
    (wrong) => {
      expect(() => parseCddl(wrong)).toThrow(SyntaxError);
    },
  );

  test('a name that no rule defines is an error', () => {
    expect(() => fits(parseCddl('a = b'), 'a', hex('00'))).toThrow(ReferenceError);
  });
});
