import { describe, expect, test } from 'vitest';
import { ED25519, ES256, runChecking } from './algorithm.ts';
import { equal, toHex } from './bytes.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import {
  anchorRef,
  type AuthorityCertificate,
  checkAuthority,
  checkCertificate,
  checkExpiry,
  type Claims,
  decodeAuthority,
  decodeCertificate,
  decodePurseCertificate,
  encodeCertificate,
  encodeClaims,
  PARTICIPANT,
  type PurseCertificate,
  type TrustStore,
} from './certificate.ts';
import { recordId } from './cose.ts';
import { softwareVerify } from './software.ts';
import { codeOf, messageOf } from './testing/outcome.ts';
import {
  alice,
  anchor,
  authority,
  bankA,
  bankB,
  DAY,
  issuerA,
  NOW,
  operator,
  party,
  root,
  SCHEME,
  terminal,
  trust,
} from './vectors/cast.ts';
import { sign, signerOf, unsigned } from './vectors/signer.ts';

const verdict = (
  certificate: PurseCertificate,
  store: TrustStore = trust,
  floor: number = NOW,
): string => codeOf(() => runChecking(checkCertificate(certificate, store, floor), softwareVerify));
const authorityVerdict = (certificate: AuthorityCertificate, by = anchor): string =>
  codeOf(() => runChecking(checkAuthority(certificate, by), softwareVerify));

function trusting(...authorities: AuthorityCertificate[]): TrustStore {
  return { anchor, authorities: new Map(authorities.map((each) => [toHex(each.ref), each])) };
}

/** Claims of Alice's certificate with some replaced or, given undefined, left out. */
function claimsWith(change: readonly (readonly [number, Cbor | undefined])[]): Map<number, Cbor> {
  const claims = decodeCbor(alice.certificate.signed.payload) as Map<number, Cbor>;
  for (const [label, value] of change) {
    if (value === undefined) claims.delete(label);
    else claims.set(label, value);
  }
  return claims;
}
function issued(claims: Cbor): Uint8Array {
  return sign(unsigned(ES256, bankA.certificate.ref, claims), bankA.signer);
}

const EXPIRES = 4;
const CONFIRMATION = 8;
const PURSE = -65537;
const AUTHORITY = -65538;

describe('the profile (TS-CRT-1, TS-CRT-2)', () => {
  test('of a purse says what it may be, and nothing about its holder', () => {
    expect(decodePurseCertificate(alice.wire)).toMatchObject({
      subject: null,
      expires: NOW + 90 * DAY,
      key: alice.signer.key,
      profile: { tier: 1, assurance: 0, measurement: 1, statusIndex: 70_001 },
    });
    expect(encodeCertificate(alice.certificate)).toEqual(alice.wire);
    expect(encodeClaims(alice.certificate)).toEqual(alice.certificate.signed.payload);
  });

  test('of an acceptance point shows its name', () => {
    expect(terminal.certificate.subject).toBe('Café Zoë, lane 3');
  });

  test('is referred to by the first eight bytes of its id (TS-CRT-3)', () => {
    const { signed, id, ref } = alice.certificate;
    expect(id).toEqual(recordId(signed));
    expect(ref).toEqual(id.slice(0, 8));
  });

  test.each<[string, Cbor, string]>([
    ['an array', [1, 2], 'WRONG_KIND'],
    ['no claims', new Map(), 'MISSING_FIELD'],
    ['no expiry', claimsWith([[EXPIRES, undefined]]), 'MISSING_FIELD'],
    ['no key', claimsWith([[CONFIRMATION, undefined]]), 'MISSING_FIELD'],
    ['no profile', claimsWith([[PURSE, undefined]]), 'MISSING_FIELD'],
    ['a short profile', claimsWith([[PURSE, [1, 0, 1]]]), 'MISSING_FIELD'],
    ['a long profile', claimsWith([[PURSE, [1, 0, 1, 2, 3]]]), 'BAD_FIELD'],
    ['a tier beyond the registry', claimsWith([[PURSE, [32, 0, 1, 2]]]), 'BAD_FIELD'],
    ['an assurance beyond the scale', claimsWith([[PURSE, [1, 5, 1, 2]]]), 'BAD_FIELD'],
    ['a measurement beyond the registry', claimsWith([[PURSE, [1, 0, 256, 2]]]), 'BAD_FIELD'],
    ['an index beyond the list', claimsWith([[PURSE, [1, 0, 1, 8_388_608]]]), 'BAD_FIELD'],
    [
      'both profiles',
      claimsWith([
        [AUTHORITY, [SCHEME, 1]],
        [2, 'bank-c'],
      ]),
      'BAD_FIELD',
    ],
    ['an unknown claim', claimsWith([[1, 'issuer']]), 'BAD_FIELD'],
    ['a negative expiry', claimsWith([[EXPIRES, -1]]), 'BAD_FIELD'],
    ['an expiry as text', claimsWith([[EXPIRES, '2027']]), 'BAD_FIELD'],
    ['an expiry beyond 32 bits', claimsWith([[EXPIRES, 2 ** 32]]), 'BAD_FIELD'],
    ['an empty name', claimsWith([[2, '']]), 'BAD_FIELD'],
    ['a name with a control character', claimsWith([[2, 'A\u0000B']]), 'BAD_FIELD'],
    ['a name over 64 bytes', claimsWith([[2, 'é'.repeat(33)]]), 'BAD_FIELD'],
    ['a key that is no map', claimsWith([[CONFIRMATION, new Uint8Array(33)]]), 'BAD_FIELD'],
    ['an empty confirmation', claimsWith([[CONFIRMATION, new Map()]]), 'BAD_FIELD'],
    [
      'a key by reference',
      claimsWith([[CONFIRMATION, new Map([[3, new Uint8Array(8)]])]]),
      'BAD_FIELD',
    ],
    [
      'a key of an unknown type',
      claimsWith([[CONFIRMATION, new Map([[1, new Map([[1, 4]])]])]]),
      'UNKNOWN_ALGORITHM',
    ],
  ])('with %s is refused', (_name, claims, code) => {
    expect(codeOf(() => decodeCertificate(issued(claims)))).toBe(code);
  });

  test('with two faults reports the code that stands first (TS-ERR-1)', () => {
    const claims = claimsWith([
      [EXPIRES, -1],
      [PURSE, [1, 0, 1]],
    ]);
    expect(codeOf(() => decodeCertificate(issued(claims)))).toBe('MISSING_FIELD');
  });

  test('of an authority needs its code (TS-CRT-1)', () => {
    const claims: Claims = { ...bankA.certificate, subject: null };
    const bytes = sign(
      unsigned(ES256, anchorRef(anchor), decodeCbor(encodeClaims(claims)) as Cbor),
      root,
    );
    expect(codeOf(() => decodeAuthority(bytes))).toBe('MISSING_FIELD');
    expect(messageOf(() => decodeAuthority(bytes))).toContain('claim 2');
  });

  test.each([2, -1, '1', null])('of an authority has no role %s', (role) => {
    const claims = decodeCbor(bankA.certificate.signed.payload) as Map<number, Cbor>;
    claims.set(AUTHORITY, [SCHEME, role]);
    expect(codeOf(() => decodeAuthority(issued(claims)))).toBe('BAD_FIELD');
  });

  test('an authority is no purse and a purse no authority (TS-ENC-5)', () => {
    const wire = encodeCertificate(bankA.certificate);
    expect(codeOf(() => decodePurseCertificate(wire))).toBe('WRONG_KIND');
    expect(codeOf(() => decodeAuthority(alice.wire))).toBe('WRONG_KIND');
  });
});

describe('the first level: authorities under the root (TS-CRT-5)', () => {
  test('holds for each authority of the scheme', () => {
    for (const { certificate } of [operator, bankA, bankB]) {
      expect(authorityVerdict(certificate)).toBe('OK');
    }
  });

  test('an authority of another root, though with the same scheme name', () => {
    const other = { scheme: SCHEME, key: signerOf('other root').key };
    expect(authorityVerdict(bankA.certificate, other)).toBe('UNKNOWN_ISSUER');
  });

  test('an authority of another scheme under the same root key', () => {
    const other = { scheme: 'elsewhere', key: root.key };
    expect(authorityVerdict(bankA.certificate, other)).toBe('UNKNOWN_ISSUER');
    const foreign = authority('bank-c', PARTICIPANT, {
      profile: { scheme: 'elsewhere', role: PARTICIPANT },
    });
    expect(authorityVerdict(foreign.certificate)).toBe('UNKNOWN_ISSUER');
  });

  test('a forged authority that names the root', () => {
    const claims = decodeCbor(bankA.certificate.signed.payload) as Cbor;
    const mallory = signerOf('mallory');
    const forged = decodeAuthority(sign(unsigned(ES256, anchorRef(anchor), claims), mallory));
    expect(authorityVerdict(forged)).toBe('BAD_SIGNATURE');
  });

  test('an authority signed by another authority: the path never grows', () => {
    const claims = decodeCbor(bankB.certificate.signed.payload) as Cbor;
    const sub = decodeAuthority(sign(unsigned(ES256, bankA.certificate.ref, claims), bankA.signer));
    expect(authorityVerdict(sub)).toBe('UNKNOWN_ISSUER');
  });

  test('an authority that claims another algorithm than the root has (TS-ALG-2)', () => {
    const claims = decodeCbor(bankA.certificate.signed.payload) as Cbor;
    const other = signerOf('root', ED25519);
    const forged = decodeAuthority(sign(unsigned(ED25519, anchorRef(anchor), claims), other));
    expect(authorityVerdict(forged)).toBe('ALGORITHM_MISMATCH');
  });
});

describe('the second level: purses under an authority (TS-CRT-5)', () => {
  test('holds, and says under which authority', () => {
    const above = runChecking(checkCertificate(alice.certificate, trust, NOW), softwareVerify);
    expect(equal(above.id, bankA.certificate.id)).toBe(true);
    expect(verdict(terminal.certificate)).toBe('OK');
    expect(verdict(issuerA.certificate)).toBe('OK');
  });

  test('a purse of an authority that is not stored', () => {
    expect(verdict(alice.certificate, trusting(bankB.certificate))).toBe('UNKNOWN_ISSUER');
  });

  test('a purse signed by the root itself, or by another purse: no other path', () => {
    const claims = decodeCbor(alice.certificate.signed.payload) as Cbor;
    const byRoot = decodePurseCertificate(sign(unsigned(ES256, anchorRef(anchor), claims), root));
    expect(verdict(byRoot)).toBe('UNKNOWN_ISSUER');
    const byPurse = sign(unsigned(ES256, issuerA.certificate.ref, claims), issuerA.signer);
    expect(verdict(decodePurseCertificate(byPurse))).toBe('UNKNOWN_ISSUER');
  });

  test('a forged purse that names a stored authority', () => {
    const claims = decodeCbor(alice.certificate.signed.payload) as Cbor;
    const forged = sign(unsigned(ES256, bankA.certificate.ref, claims), signerOf('mallory'));
    expect(verdict(decodePurseCertificate(forged))).toBe('BAD_SIGNATURE');
  });

  test('a purse with one claim changed after signing', () => {
    const claims = encodeCbor(claimsWith([[PURSE, [9, 4, 1, 70_001]]]));
    const changed = {
      ...alice.certificate,
      signed: { ...alice.certificate.signed, payload: claims },
    };
    expect(verdict(changed)).toBe('BAD_SIGNATURE');
  });

  test('a purse of an authority with another algorithm (TS-ALG-2)', () => {
    const claims = decodeCbor(alice.certificate.signed.payload) as Cbor;
    const other = signerOf('bank-a', ED25519);
    const forged = sign(unsigned(ED25519, bankA.certificate.ref, claims), other);
    expect(verdict(decodePurseCertificate(forged))).toBe('ALGORITHM_MISMATCH');
  });

  test('a purse with a key of another algorithm than its authority', () => {
    const by = party('alice', bankA, { alg: ED25519 });
    expect(by.certificate.key.alg).toBe(ED25519);
    expect(verdict(by.certificate)).toBe('OK');
  });
});

describe('hard expiry (TS-CRT-7)', () => {
  const { expires } = alice.certificate;

  test.each([
    ['a second before', expires - 1, 'OK'],
    ['at the second itself', expires, 'CERTIFICATE_EXPIRED'],
    ['after', expires + 1, 'CERTIFICATE_EXPIRED'],
    ['at no time at all', 0, 'OK'],
  ])('%s', (_name, floor, code) => {
    expect(verdict(alice.certificate, trust, floor)).toBe(code);
  });

  test('an expired authority takes its purses with it', () => {
    const old = authority('bank-a', PARTICIPANT, { expires: NOW - 1 });
    const under = party('alice', old);
    expect(verdict(under.certificate, trusting(old.certificate))).toBe('CERTIFICATE_EXPIRED');
    expect(codeOf(() => checkExpiry(under.certificate, old.certificate, NOW - 2))).toBe('OK');
  });

  test('a forged and expired certificate is forged (TS-ERR-1)', () => {
    const claims = claimsWith([[EXPIRES, 1]]);
    const forged = sign(unsigned(ES256, bankA.certificate.ref, claims), signerOf('mallory'));
    expect(verdict(decodePurseCertificate(forged))).toBe('BAD_SIGNATURE');
  });
});
