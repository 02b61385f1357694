import {
  checkProof,
  decodeSigned,
  encodeProof,
  type ForkProof,
  runChecking,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { describe, expect, test } from 'vitest';
import type { FactRow } from '../store/rows.ts';
import { factOf, readEntry } from './entries.ts';
import { findProof, forkPosition } from './forks.ts';
import { ScriptedPurse } from './testing/purse.ts';
import { certificateRow, namedKey, TestScheme } from './testing/scheme.ts';

const scheme = new TestScheme(['ALFA']);
const key = namedKey('mallory');
const certificate = scheme.certifyPurse('ALFA', key.key);

function mallory(): ScriptedPurse {
  return new ScriptedPurse({ name: 'mallory', participant: 'ALFA', certificate, key, now: 1 });
}
const CERTIFICATES = [certificateRow(certificate, 'ALFA', toHex(certificate.ref), 1)];

/** A log as facts, with the signatures that are at hand. */
function factsOf({ kept, id }: ScriptedPurse, ...signed: readonly Signed[]): FactRow[] {
  return kept.map(({ bytes }) => {
    const read = readEntry(bytes, 0);
    if (!read.ok) throw new Error(read.error.message);
    const payload = toHex(read.value.log.record.payload);
    const match = signed.find((each) => toHex(each.payload) === payload);
    return factOf(id, read.value, match?.signature ?? null);
  });
}

/** Demands that the protocol alone finds the culprit in a proof. */
function checked(proof: ForkProof | null): ForkProof['kind'] | null {
  if (proof === null) return null;
  const culprit = runChecking(checkProof(encodeProof(proof), scheme.trust), softwareVerify);
  expect(culprit.ref).toEqual(certificate.ref);
  return proof.kind;
}

describe('a proof is found', () => {
  test('in two signed records at one position', () => {
    const [one, other] = [mallory(), mallory()];
    other.listVersion = 2;
    const [first, second] = [one.state(), other.state()];
    expect(findProof([...factsOf(one, first), ...factsOf(other)], CERTIFICATES)).toBeNull();
    const facts = [...factsOf(one, first), ...factsOf(other, second)];
    expect(checked(findProof(facts, CERTIFICATES))).toBe(1);
    expect(findProof(facts.toReversed(), CERTIFICATES)).toEqual(findProof(facts, CERTIFICATES));
  });

  test('in an early statement that a later one does not have under it', () => {
    const [one, other] = [mallory(), mallory()];
    const early = one.state();
    for (let count = 0; count < 5; count++) other.adopt({});
    const late = other.state();
    const proof = findProof([...factsOf(other, late), ...factsOf(one, early)], CERTIFICATES);
    expect(checked(proof)).toBe(2);
    expect(proof).toMatchObject({ steps: { length: 5 } });
  });

  test('with the fewest steps', () => {
    const [one, other] = [mallory(), mallory()];
    const signed = [one.state(), one.state(), one.state()];
    for (let count = 0; count < 3; count++) other.adopt({});
    const end = other.state();
    const proof = findProof([...factsOf(one, ...signed), ...factsOf(other, end)], CERTIFICATES);
    expect(checked(proof)).toBe(2);
    expect(proof).toMatchObject({ steps: { length: 1 } });
  });

  test('in a signed receipt and a signed void of one payment', () => {
    const purse = mallory();
    const handed = mallory().pay(purse, 5n);
    const accepted = purse.accept(handed);
    const voided = decodeSigned(purse.void(handed));
    expect(checked(findProof(factsOf(purse, accepted, voided), CERTIFICATES))).toBe(3);
    expect(findProof(factsOf(purse, accepted), CERTIFICATES)).toBeNull();
    expect(findProof(factsOf(purse, voided), CERTIFICATES)).toBeNull();
  });
});

describe('no proof is found', () => {
  test('in one log, however much of it is signed', () => {
    const purse = mallory();
    const signed = [purse.state(), purse.state(), purse.state()];
    expect(findProof(factsOf(purse, ...signed), CERTIFICATES)).toBeNull();
  });

  test('in branches that only heads cover', () => {
    const [one, other] = [mallory(), mallory()];
    one.adopt({});
    other.adopt({ listVersion: 2 });
    const facts = [...factsOf(one), ...factsOf(other)];
    expect(findProof(facts, CERTIFICATES)).toBeNull();
    expect(forkPosition(new Map([[1, new Set(facts.map(({ id }) => id))]]))).toBe(1);
  });
});

test('an honest log of many statements is not followed down from each of them', () => {
  const purse = mallory();
  const signed = Array.from({ length: 100 }, () => purse.state());
  let reads = 0;
  const facts = factsOf(purse, ...signed).map((fact) => ({
    ...fact,
    get payload() {
      reads += 1;
      return fact.payload;
    },
  }));
  expect(findProof(facts, CERTIFICATES)).toBeNull();
  expect(reads).toBe(signed.length);
});

test('the fork is at the lowest position with two contents', () => {
  const ids = (...names: readonly string[]): ReadonlySet<string> => new Set(names);
  expect(forkPosition(new Map())).toBeNull();
  expect(forkPosition(new Map([[1, ids('a')]]))).toBeNull();
  expect(
    forkPosition(
      new Map([
        [9, ids('a', 'b')],
        [4, ids('c', 'd')],
        [3, ids('e')],
      ]),
    ),
  ).toBe(4);
});
