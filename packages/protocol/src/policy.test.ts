import { describe, expect, test } from 'vitest';
import { ED25519, runChecking } from './algorithm.ts';
import type { Cbor } from './cbor.ts';
import { anchorRef } from './certificate.ts';
import { decodeSigned } from './cose.ts';
import { checkPolicy, checkTimeReset, policy, type Policy } from './policy.ts';
import { decodePayload } from './records.ts';
import { softwareVerify } from './software.ts';
import { codeOf, messageOf } from './testing/outcome.ts';
import { alice, anchor, bankA, issuerA, root, SCHEME } from './vectors/cast.ts';
import { policyFields, policySample, timeResetSample } from './vectors/samples.ts';
import { type Signer, sign, signerOf, unsigned } from './vectors/signer.ts';

function policyVerdict(wire: Uint8Array, by = anchor): string {
  return codeOf(() => runChecking(checkPolicy(wire, by), softwareVerify));
}
function signedPolicy(payload: Cbor, kid: Uint8Array, by: Signer): Uint8Array {
  return sign(unsigned(by.key.alg, kid, payload), by);
}
/** The policy's fields as they travel, with one replaced by its place. */
function fieldsWith(place: number, value: Cbor): Cbor {
  return (policy.encode(policyFields) as Cbor[]).with(place, value);
}

describe('a policy (TS-POL-1, TS-POL-2)', () => {
  test('signed by the root is believed', () => {
    const read = runChecking(checkPolicy(policySample.wire, anchor), softwareVerify);
    expect(read).toEqual(policyFields);
  });

  test.each<[string, Uint8Array, Signer, string]>([
    ['a bank', bankA.certificate.ref, bankA.signer, 'UNKNOWN_ISSUER'],
    ['an issuing key', issuerA.certificate.ref, issuerA.signer, 'UNKNOWN_ISSUER'],
    ['a purse', alice.certificate.ref, alice.signer, 'UNKNOWN_ISSUER'],
    ['a forger', anchorRef(anchor), signerOf('mallory'), 'BAD_SIGNATURE'],
    [
      'a forger of another algorithm',
      anchorRef(anchor),
      signerOf('root', ED25519),
      'ALGORITHM_MISMATCH',
    ],
  ])('signed by %s is refused', (_name, kid, by, code) => {
    expect(policyVerdict(signedPolicy(policy.encode(policyFields), kid, by))).toBe(code);
  });

  test('of another scheme under the same key is refused', () => {
    expect(policyVerdict(policySample.wire, { scheme: `${SCHEME}2`, key: root.key })).toBe(
      'UNKNOWN_ISSUER',
    );
  });

  test('is no time reset, and the other way round', () => {
    expect(policyVerdict(timeResetSample.wire)).toBe('WRONG_KIND');
    const asReset = (): unknown =>
      runChecking(checkTimeReset(policySample.wire, anchor), softwareVerify);
    expect(codeOf(asReset)).toBe('WRONG_KIND');
  });

  const [tier] = policyFields.tiers;
  const [measurement] = policyFields.measurements;
  const row = (change: Partial<Policy>): Cbor => policy.encode({ ...policyFields, ...change });
  test.each<[string, Cbor, string, string]>([
    ['a version beyond 32 bits', fieldsWith(1, 2 ** 32), 'BAD_FIELD', 'policy.version'],
    ['no currency', fieldsWith(3, 0), 'BAD_FIELD', 'policy.currency'],
    ['no hops', fieldsWith(4, 0), 'BAD_FIELD', 'policy.hopMax'],
    ['more hops than slots', fieldsWith(4, 24), 'BAD_FIELD', 'policy.hopMax'],
    ['no time to accept', fieldsWith(5, 0), 'BAD_FIELD', 'policy.acceptMinutes'],
    ['an emergency of 1', fieldsWith(10, 1), 'BAD_FIELD', 'policy.emergency'],
    [
      '33 tiers',
      row({ tiers: Array.from({ length: 33 }, (_, each) => ({ ...tier!, tier: each % 32 })) }),
      'BAD_FIELD',
      'policy.tiers',
    ],
    ['tier 32', row({ tiers: [{ ...tier!, tier: 32 }] }), 'BAD_FIELD', 'policy.tiers[0].tier'],
    [
      'more payments than may be open',
      row({ tiers: [{ ...tier!, countMax: 257 }] }),
      'BAD_FIELD',
      'countMax',
    ],
    ['a negative cap', fieldsWith(11, [[1, 1, 1, 1, 1, 1, -1, 1]]), 'BAD_AMOUNT', 'payerCap'],
    [
      'a ceiling that overflows',
      fieldsWith(11, [[1, 1, 2n ** 53n, 1, 1, 1, 1, 1]]),
      'AMOUNT_OVERFLOW',
      'balanceMax',
    ],
    [
      'a tier without its window',
      fieldsWith(11, [[1, 1, 1, 1, 1, 1, 1]]),
      'MISSING_FIELD',
      'offlineSeconds',
    ],
    ['one tier twice', row({ tiers: [tier!, tier!] }), 'BAD_FIELD', 'policy.tiers'],
    [
      'one measurement twice',
      row({ measurements: [measurement!, measurement!] }),
      'BAD_FIELD',
      'policy.measurements',
    ],
    [
      'a short measurement',
      row({ measurements: [{ ...measurement!, sha256: new Uint8Array(31) }] }),
      'BAD_FIELD',
      'sha256',
    ],
    [
      'measurement 256',
      row({ measurements: [{ ...measurement!, index: 256 }] }),
      'BAD_FIELD',
      'index',
    ],
  ])('with %s is refused', (_name, payload, code, place) => {
    const wire = signedPolicy(payload, anchorRef(anchor), root);
    const read = (): unknown => decodePayload(decodeSigned(wire).payload, policy, 'policy');
    expect(codeOf(read)).toBe(code);
    expect(messageOf(read)).toContain(place);
    expect(policyVerdict(wire)).toBe(code);
  });
});

describe('a time reset (TS-TIM-4)', () => {
  const verdict = (wire: Uint8Array): string =>
    codeOf(() => runChecking(checkTimeReset(wire, anchor), softwareVerify));

  test('signed by the root is believed', () => {
    const read = runChecking(checkTimeReset(timeResetSample.wire, anchor), softwareVerify);
    expect(read).toEqual(timeResetSample.fields);
  });

  test('signed by anybody else is refused', () => {
    const { payload } = timeResetSample.record;
    const { alg } = issuerA.signer.key;
    const record = { alg, external: new Uint8Array(0), payload };
    const byIssuer = sign({ ...record, kid: issuerA.certificate.ref }, issuerA.signer);
    const forged = sign({ ...record, kid: anchorRef(anchor) }, issuerA.signer);
    expect(verdict(byIssuer)).toBe('UNKNOWN_ISSUER');
    expect(verdict(forged)).toBe('BAD_SIGNATURE');
  });
});
