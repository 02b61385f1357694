import { describe, expect, test } from 'vitest';
import { type Algorithm, ED25519, ES256, ML_DSA_44, runChecking } from './algorithm.ts';
import { type Cbor, decodeCbor } from './cbor.ts';
import { checkEnrolment, type Enrolment, enrolment, keyRef } from './enrolment.ts';
import { LIMITS } from './limits.ts';
import { softwareVerify } from './software.ts';
import { codeOf, messageOf } from './testing/outcome.ts';
import { enrolmentFields, enrolmentSample } from './vectors/samples.ts';
import { type Signer, sign, signerOf, unsigned } from './vectors/signer.ts';

const newcomer = signerOf('newcomer');

function check(wire: Uint8Array): Enrolment {
  return runChecking(checkEnrolment(wire), softwareVerify);
}
function enrolled(payload: Cbor, by: Signer = newcomer, kid = keyRef(by.key)): Uint8Array {
  return sign(unsigned(by.key.alg, kid, payload), by);
}

describe('an enrolment (TS-ENR-1)', () => {
  test.each<Algorithm>([ES256, ED25519])('with a key of algorithm %d is signed by it', (alg) => {
    const by = signerOf('newcomer', alg);
    const fields = { ...enrolmentFields, alg, key: by.key.bytes };
    expect(check(enrolled(enrolment.encode(fields), by))).toEqual(fields);
  });

  test('with a key of ML-DSA-44 fits', () => {
    const by = signerOf('newcomer', ML_DSA_44);
    const fields = { ...enrolmentFields, alg: ML_DSA_44, key: by.key.bytes } as const;
    const wire = enrolled(enrolment.encode(fields), by);
    expect(runChecking(checkEnrolment(wire), () => true)).toEqual(fields);
    expect(wire.length).toBeLessThan(LIMITS.messageBytes);
  });

  test('signed by another key is refused, named or not', () => {
    const mallory = signerOf('mallory');
    const payload = enrolment.encode(enrolmentFields);
    expect(codeOf(() => check(enrolled(payload, mallory)))).toBe('UNKNOWN_CERTIFICATE');
    const forged = enrolled(payload, mallory, keyRef(newcomer.key));
    expect(codeOf(() => check(forged))).toBe('BAD_SIGNATURE');
  });

  test('of another algorithm than its signature is refused (TS-ALG-2)', () => {
    const fields = { ...enrolmentFields, alg: ED25519, key: newcomer.key.bytes.slice(1) } as const;
    const kid = keyRef({ alg: ED25519, bytes: fields.key });
    const wire = enrolled(enrolment.encode(fields), newcomer, kid);
    expect(codeOf(() => check(wire))).toBe('ALGORITHM_MISMATCH');
  });

  const fields = enrolment.encode(enrolmentFields) as Cbor[];
  test.each<[string, Cbor, string, string]>([
    ['a key of another length', fields.with(2, newcomer.key.bytes.slice(1)), 'BAD_FIELD', 'length'],
    ['an uncompressed key', fields.with(2, new Uint8Array(33).fill(4)), 'BAD_FIELD', 'compressed'],
    ['an unknown algorithm', fields.with(1, -35), 'UNKNOWN_ALGORITHM', '-35'],
    [
      'a short measurement',
      fields.with(3, new Uint8Array(31)),
      'BAD_FIELD',
      'enrolment.measurement',
    ],
    ['no environment', fields.with(4, ''), 'BAD_FIELD', 'enrolment.environment'],
    ['too much evidence', fields.with(5, new Uint8Array(8_193)), 'BAD_FIELD', 'enrolment.evidence'],
    ['a short challenge', fields.with(6, new Uint8Array(31)), 'BAD_FIELD', 'enrolment.challenge'],
    ['no challenge', fields.slice(0, 6), 'MISSING_FIELD', 'enrolment.challenge'],
    ['another kind', fields.with(0, 11), 'WRONG_KIND', 'enrolment'],
  ])('with %s is refused', (_name, payload, code, place) => {
    const wire = enrolled(payload);
    expect(codeOf(() => check(wire))).toBe(code);
    expect(messageOf(() => check(wire))).toContain(place);
  });

  test('asks for no certificate in any other words: the payload is the fields', () => {
    expect(decodeCbor(enrolmentSample.record.payload)).toEqual(fields);
    expect(keyRef(newcomer.key)).toHaveLength(8);
  });
});
