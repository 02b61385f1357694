import { describe, expect, test } from 'vitest';
import { describeCode, isErrorCode, PRECEDENCE } from './errors.ts';
import { readParts } from './precedence.ts';
import { attempt, demand, err, failureMessage, ok, reject, unwrap } from './result.ts';
import { codeOf } from './testing/outcome.ts';

describe('outcomes', () => {
  test('a rejection becomes a value at the boundary', () => {
    expect(attempt(() => 5)).toEqual({ ok: true, value: 5 });
    expect(attempt(() => reject('STALE', 'version 3'))).toEqual(err('STALE', 'version 3'));
    expect(attempt(() => demand(true, 'STALE'))).toEqual(ok(undefined));
  });

  test('a programmer error passes through', () => {
    const broken = (): unknown =>
      attempt(() => {
        throw new TypeError('a bug');
      });
    expect(broken).toThrow(TypeError);
  });

  test('a value within another attempt is carried on unchanged', () => {
    expect(unwrap(ok(3))).toBe(3);
    const failed = err('BAD_AMOUNT', 'value.amount');
    expect(attempt(() => unwrap(failed))).toEqual(failed);
  });

  test('a message is the meaning of the code and what was wrong here', () => {
    const says = describeCode('STALE')?.says;
    expect(failureMessage('STALE', '')).toBe(says);
    expect(failureMessage('STALE', 'version 3')).toBe(`${says}: version 3`);
    expect(err('STALE', 'x').error.message).toBe(`${says}: x`);
  });
});

describe('codes', () => {
  test('are known by name, and no other word is', () => {
    for (const code of PRECEDENCE) {
      expect(isErrorCode(code)).toBe(true);
      expect(describeCode(code)?.clause).toMatch(/^TS-[A-Z]{3}-\d+$/);
    }
    for (const word of ['', 'stale', 'constructor', '__proto__', 'toString']) {
      expect(isErrorCode(word)).toBe(false);
      expect(describeCode(word)).toBeUndefined();
    }
  });

  test('stand in the table once each, in capitals that a log can be searched for', () => {
    expect(new Set(PRECEDENCE).size).toBe(PRECEDENCE.length);
    for (const code of PRECEDENCE) expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
  });
});

describe('of several failures the one that stands first is reported (TS-ERR-1)', () => {
  const failing = (
    ...codes: readonly ('OK' | 'MALFORMED' | 'MISSING_FIELD' | 'BAD_FIELD')[]
  ): string =>
    codeOf(() => {
      readParts(codes.length, (index) => {
        const code = codes[index] ?? 'OK';
        if (code !== 'OK') reject(code);
      });
    });

  test.each([
    [['OK', 'OK'], 'OK'],
    [['BAD_FIELD', 'OK'], 'BAD_FIELD'],
    [['BAD_FIELD', 'MISSING_FIELD'], 'MISSING_FIELD'],
    [['MISSING_FIELD', 'BAD_FIELD'], 'MISSING_FIELD'],
    [['BAD_FIELD', 'MISSING_FIELD', 'MALFORMED'], 'MALFORMED'],
    [[], 'OK'],
  ] as const)('%j gives %s', (codes, code) => {
    expect(failing(...codes)).toBe(code);
  });

  test('a programmer error is not held back', () => {
    const broken = (): void => {
      readParts(2, (index) => {
        if (index === 0) reject('STALE');
        throw new TypeError('a bug');
      });
    };
    expect(broken).toThrow(TypeError);
  });
});
