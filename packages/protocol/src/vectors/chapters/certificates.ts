import { ED25519, ES256, ML_DSA_44 } from '../../algorithm.ts';
import { type Bytes, toHex } from '../../bytes.ts';
import { type Cbor, decodeCbor } from '../../cbor.ts';
import { anchorRef, encodeCertificate, PARTICIPANT } from '../../certificate.ts';
import type { ErrorCode } from '../../errors.ts';
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
} from '../cast.ts';
import type { AnchorText, Check, Vector, VectorFile } from '../file.ts';
import { filler } from '../samples.ts';
import { type Signer, sign, signerOf, unsigned } from '../signer.ts';
import { invalid, valid } from '../vector.ts';

const EXPIRES = 4;
const CONFIRMATION = 8;
const PURSE = -65537;
const AUTHORITY = -65538;

const wireOf = ({ certificate }: typeof bankA): Bytes => encodeCertificate(certificate);
export const rootText: AnchorText = {
  scheme: SCHEME,
  alg: anchor.key.alg,
  key: toHex(anchor.key.bytes),
};
const underRoot: Check = { under: 'root', root: rootText };
/** Under the stored authorities, at a floor. */
export function underAuthorities(
  floor: number = NOW,
  authorities: readonly Bytes[] = [operator, bankA, bankB].map(wireOf),
): Check {
  return { under: 'authorities', root: rootText, authorities: authorities.map(toHex), floor };
}

const claimsOf = (payload: Bytes): Map<number, Cbor> => decodeCbor(payload) as Map<number, Cbor>;

/** Alice's claims with some replaced; null leaves a claim out. */
function changed(...changes: readonly (readonly [number, Cbor])[]): ReadonlyMap<number, Cbor> {
  const claims = claimsOf(alice.certificate.signed.payload);
  for (const [label, value] of changes) {
    if (value === null) claims.delete(label);
    else claims.set(label, value);
  }
  return claims;
}
function issued(claims: Cbor, by: Signer = bankA.signer, kid = bankA.certificate.ref): Bytes {
  return sign(unsigned(by.key.alg, kid, claims), by);
}
function form(name: string, clause: string, code: ErrorCode, claims: Cbor): Vector {
  return invalid(name, clause, 'certificate', issued(claims), code);
}
function keyed(name: string, code: ErrorCode, key: ReadonlyMap<number, Cbor>): Vector {
  const claims = changed([CONFIRMATION, new Map([[1, key]])]);
  return invalid(name, 'TS-ALG-3', 'certificate', issued(claims), code);
}
function coseKey(...entries: readonly (readonly [number, Cbor])[]): ReadonlyMap<number, Cbor> {
  return new Map(entries);
}

const x = alice.signer.key.bytes.slice(1);
const okp = signerOf('alice', ED25519).key.bytes;
const forms: readonly Vector[] = [
  form('an array in place of claims', 'TS-CRT-1', 'WRONG_KIND', [1, 2]),
  form('no claims', 'TS-CRT-1', 'MISSING_FIELD', new Map()),
  form('no expiry', 'TS-CRT-1', 'MISSING_FIELD', changed([EXPIRES, null])),
  form('no key', 'TS-CRT-1', 'MISSING_FIELD', changed([CONFIRMATION, null])),
  form('no profile', 'TS-CRT-1', 'MISSING_FIELD', changed([PURSE, null])),
  form('an unknown claim', 'TS-CRT-1', 'BAD_FIELD', changed([5, NOW])),
  form('both profiles', 'TS-CRT-1', 'BAD_FIELD', changed([AUTHORITY, [SCHEME, 1]], [2, 'x'])),
  form(
    'an authority without its code',
    'TS-CRT-1',
    'MISSING_FIELD',
    changed([PURSE, null], [AUTHORITY, [SCHEME, 1]]),
  ),
  form(
    'an authority of role 2',
    'TS-CRT-1',
    'BAD_FIELD',
    changed([PURSE, null], [AUTHORITY, [SCHEME, 2]], [2, 'x']),
  ),
  form(
    'an authority without its role',
    'TS-CRT-1',
    'MISSING_FIELD',
    changed([PURSE, null], [AUTHORITY, [SCHEME]], [2, 'x']),
  ),
  form(
    'a profile cut short, and an unknown claim',
    'TS-ERR-1',
    'MISSING_FIELD',
    changed([PURSE, [1, 0, 1]], [5, NOW]),
  ),
  form('a profile cut short', 'TS-CRT-2', 'MISSING_FIELD', changed([PURSE, [1, 0, 1]])),
  form('a profile with a field more', 'TS-CRT-2', 'BAD_FIELD', changed([PURSE, [1, 0, 1, 2, 3]])),
  form('tier 32', 'TS-CRT-2', 'BAD_FIELD', changed([PURSE, [32, 0, 1, 2]])),
  form('assurance 5', 'TS-CRT-11', 'BAD_FIELD', changed([PURSE, [1, 5, 1, 2]])),
  form('measurement 256', 'TS-CRT-2', 'BAD_FIELD', changed([PURSE, [1, 0, 256, 2]])),
  form(
    'a status index past the list',
    'TS-CRT-2',
    'BAD_FIELD',
    changed([PURSE, [1, 0, 1, 8_388_608]]),
  ),
  form('an expiry as text', 'TS-CRT-1', 'BAD_FIELD', changed([EXPIRES, '2027-01-15'])),
  form('an expiry after 32 bits', 'TS-CRT-1', 'BAD_FIELD', changed([EXPIRES, 2 ** 32])),
  form('a name of nothing', 'TS-ENC-7', 'BAD_FIELD', changed([2, ''])),
  form('a name of 65 bytes', 'TS-ENC-7', 'BAD_FIELD', changed([2, 'a'.repeat(65)])),
  form(
    'a name that turns the line around',
    'TS-ENC-7',
    'BAD_FIELD',
    changed([2, 'Bank\u202eknaB']),
  ),
  form('a name with a line end', 'TS-ENC-7', 'BAD_FIELD', changed([2, 'A\nB'])),
  form(
    'a key by its id',
    'TS-CRT-1',
    'BAD_FIELD',
    changed([CONFIRMATION, new Map([[3, filler(8, 1)]])]),
  ),
  keyed('a key on P-384', 'UNKNOWN_ALGORITHM', coseKey([1, 2], [-1, 2], [-2, x], [-3, true])),
  keyed('a key on X25519', 'UNKNOWN_ALGORITHM', coseKey([1, 1], [-1, 4], [-2, okp])),
  keyed(
    'a key with its private half',
    'UNKNOWN_ALGORITHM',
    coseKey([1, 1], [-1, 6], [-2, okp], [-4, okp]),
  ),
  keyed('a key with both coordinates', 'BAD_FIELD', coseKey([1, 2], [-1, 1], [-2, x], [-3, x])),
  keyed(
    'a P-256 key one byte short',
    'BAD_FIELD',
    coseKey([1, 2], [-1, 1], [-2, x.slice(1)], [-3, true]),
  ),
  keyed('an Ed25519 key one byte long', 'BAD_FIELD', coseKey([1, 1], [-1, 6], [-2, filler(33, 1)])),
  keyed(
    'an ML-DSA-44 key one byte short',
    'BAD_FIELD',
    coseKey([1, 7], [3, ML_DSA_44], [-1, filler(1_311, 1)]),
  ),
];

const purse = (
  name: string,
  clause: string,
  bytes: Bytes,
  code: ErrorCode,
  check: Check = underAuthorities(),
): Vector => invalid(name, clause, 'purse-certificate', bytes, code, { check });
const office = (name: string, clause: string, bytes: Bytes, code: ErrorCode): Vector =>
  invalid(name, clause, 'authority-certificate', bytes, code, { check: underRoot });

const claims = claimsOf(alice.certificate.signed.payload);
const bankClaims = claimsOf(bankA.certificate.signed.payload);
const mallory = signerOf('mallory');
const old = authority('bank-a', PARTICIPANT, { expires: NOW - DAY });

const trusted: readonly Vector[] = [
  purse(
    'a purse of an authority that is not stored',
    'TS-CRT-5',
    alice.wire,
    'UNKNOWN_ISSUER',
    underAuthorities(NOW, [wireOf(bankB)]),
  ),
  purse(
    'a purse signed by the root',
    'TS-CRT-5',
    issued(claims, root, anchorRef(anchor)),
    'UNKNOWN_ISSUER',
  ),
  purse(
    'a purse signed by an issuing key',
    'TS-CRT-5',
    issued(claims, issuerA.signer, issuerA.certificate.ref),
    'UNKNOWN_ISSUER',
  ),
  purse('a forged purse', 'TS-CRT-5', issued(claims, mallory), 'BAD_SIGNATURE'),
  purse(
    'a purse signed with another algorithm than its authority has',
    'TS-ALG-2',
    issued(claims, signerOf('bank-a', ED25519)),
    'ALGORITHM_MISMATCH',
  ),
  purse('an authority in place of a purse', 'TS-ENC-5', wireOf(bankA), 'WRONG_KIND'),
  purse(
    'a purse at the second of its expiry',
    'TS-CRT-7',
    alice.wire,
    'CERTIFICATE_EXPIRED',
    underAuthorities(alice.certificate.expires),
  ),
  purse(
    'a purse under an expired authority',
    'TS-CRT-7',
    party('alice', old).wire,
    'CERTIFICATE_EXPIRED',
    underAuthorities(NOW, [wireOf(old)]),
  ),
  purse(
    'a forged purse that has expired',
    'TS-ERR-1',
    issued(changed([EXPIRES, 1]), mallory),
    'BAD_SIGNATURE',
  ),
  office('a purse in place of an authority', 'TS-ENC-5', alice.wire, 'WRONG_KIND'),
  office(
    'an authority of another root',
    'TS-CRT-5',
    issued(bankClaims, mallory, filler(8, 1)),
    'UNKNOWN_ISSUER',
  ),
  office(
    'an authority under an authority',
    'TS-CRT-5',
    issued(bankClaims, bankB.signer, bankB.certificate.ref),
    'UNKNOWN_ISSUER',
  ),
  office(
    'an authority of another scheme',
    'TS-CRT-5',
    wireOf(
      authority('bank-c', PARTICIPANT, { profile: { scheme: 'elsewhere', role: PARTICIPANT } }),
    ),
    'UNKNOWN_ISSUER',
  ),
  office(
    'a forged authority',
    'TS-CRT-5',
    issued(bankClaims, mallory, anchorRef(anchor)),
    'BAD_SIGNATURE',
  ),
];

export const certificates: VectorFile = {
  chapter: '05-certificates',
  about: 'Certificates of purses, issuing keys and authorities, under one root.',
  vectors: [
    valid('a purse', 'TS-CRT-2', 'purse-certificate', alice.wire, { check: underAuthorities() }),
    valid('an acceptance point', 'TS-CRT-2', 'purse-certificate', terminal.wire, {
      check: underAuthorities(),
    }),
    valid('an issuing key', 'TS-CRT-6', 'purse-certificate', issuerA.wire, {
      check: underAuthorities(),
    }),
    valid('a purse a second before its expiry', 'TS-CRT-7', 'purse-certificate', alice.wire, {
      check: underAuthorities(alice.certificate.expires - 1),
    }),
    ...[ES256, ED25519, ML_DSA_44].map((alg) =>
      valid(
        `a purse with a key of algorithm ${alg}`,
        'TS-ALG-3',
        'purse-certificate',
        party('alice', bankA, { alg: alg as typeof ES256 }).wire,
        { check: underAuthorities() },
      ),
    ),
    valid('a participant', 'TS-CRT-1', 'authority-certificate', wireOf(bankA), {
      check: underRoot,
    }),
    valid('the operator', 'TS-CRT-1', 'authority-certificate', wireOf(operator), {
      check: underRoot,
    }),
    ...forms,
    ...trusted,
  ],
};
