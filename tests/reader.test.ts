import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { missingPackages } from '../scripts/system-packages.mjs';

const READER = fileURLToPath(new URL('../spec/reader/main.py', import.meta.url));
const VECTORS = fileURLToPath(new URL('../spec/vectors', import.meta.url));
const NEEDED = ['python3-cbor2', 'python3-cryptography'];
const missing = missingPackages().filter((name) => NEEDED.includes(name));
/** On a build machine a missing package is a failure: the tests below then run, and fail. */
const skip = missing.length > 0 && process.env.CI !== 'true';

interface Row {
  readonly chapter: string;
  readonly valid: number;
  readonly validAccepted: number;
  readonly invalid: number;
  readonly invalidRefused: number;
  readonly codeAgrees: number;
  readonly signaturesChecked: number;
  readonly signaturesNotChecked: number;
}
interface Output {
  readonly chapters: readonly Row[];
  readonly all: Row;
  readonly notes: readonly { vector: string; disagrees: boolean; says: string }[];
  readonly agrees: boolean;
}
interface VectorFile {
  readonly vectors: { name: string; input: string; expect: { code?: string } }[];
}

function read(folder: string): { status: number | null; output: Output } {
  const { status, stdout, stderr } = spawnSync(
    '/usr/bin/python3',
    [READER, '--json', '--vectors', folder],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return { status, output: JSON.parse(stdout) as Output };
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-reader-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of one chapter's file with something changed. */
function spoil(chapter: string, change: (file: VectorFile) => void): string {
  cpSync(VECTORS, folder, { recursive: true });
  const path = join(folder, `${chapter}.json`);
  const file = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
  change(file);
  writeFileSync(path, JSON.stringify(file));
  return folder;
}

function only<T>(found: readonly T[]): T {
  const [first] = found;
  if (first === undefined) throw new Error('no such vector');
  return first;
}

describe.skipIf(skip)('the independent reader', () => {
  test('agrees with every stored vector, code for code', () => {
    const { status, output } = read(VECTORS);
    expect(output.notes.filter(({ disagrees }) => disagrees)).toEqual([]);
    expect(status).toBe(0);
    const files = readdirSync(VECTORS).map((name) => name.replace('.json', ''));
    expect(output.chapters.map(({ chapter }) => chapter)).toEqual(files.toSorted());
    expect(output.all.validAccepted).toBe(output.all.valid);
    expect(output.all.invalidRefused).toBe(output.all.invalid);
    expect(output.all.codeAgrees).toBe(output.all.invalid);
    expect(output.all.valid).toBeGreaterThan(90);
    expect(output.all.invalid).toBeGreaterThan(500);
    expect(output.all.signaturesChecked).toBeGreaterThan(200);
  });

  test('says which signatures it did not check, and counts them apart', () => {
    const { output } = read(VECTORS);
    const notes = output.notes.filter(({ says }) => says.includes('not checked: ML-DSA'));
    expect(notes.map(({ vector }) => vector)).toEqual(['a payment as long as with ML-DSA-44']);
    expect(output.all.signaturesNotChecked).toBe(1);
  });

  test('refuses a valid vector with one bit changed', () => {
    const { status, output } = read(
      spoil('06-requests-and-payments', ({ vectors }) => {
        const payment = only(vectors.filter(({ name }) => name === 'a payment'));
        payment.input = `${payment.input.slice(0, -2)}00`;
      }),
    );
    expect(status).toBe(1);
    expect(output.notes.filter(({ disagrees }) => disagrees)).toMatchObject([
      { vector: 'a payment', says: 'refused: BAD_SIGNATURE; expected accepted' },
    ]);
  });

  test('disagrees with another code, and with a refusal of what is valid', () => {
    const { status, output } = read(
      spoil('13-sync', ({ vectors }) => {
        only(vectors.filter(({ name }) => name === 'a forged answer')).expect.code = 'HIGH_S';
        only(vectors.filter(({ name }) => name === 'a closure')).expect = { code: 'BAD_FIELD' };
      }),
    );
    expect(status).toBe(1);
    expect(output.all.codeAgrees).toBe(output.all.invalid - 2);
    expect(output.all.invalidRefused).toBe(output.all.invalid - 1);
  });

  test('disagrees with fields that the bytes do not hold, and with a kind it does not know', () => {
    const { status, output } = read(
      spoil('02-amounts', ({ vectors }) => {
        Object.assign(only(vectors), { expect: { fields: '2' } });
        vectors.push({ name: 'a novelty', input: '00', expect: { code: 'BAD_FIELD' } });
        Object.assign(vectors.at(-1) ?? {}, { of: 'novelty', clause: 'TS-ENC-5' });
      }),
    );
    expect(status).toBe(1);
    expect(output.notes.filter(({ disagrees }) => disagrees)).toHaveLength(2);
  });
});
