import {
  type Algorithm,
  type Checking,
  fromCoseKey,
  type PublicKey,
  toCoseKey,
} from './algorithm.ts';
import { type Bytes, equal, sha256, toHex } from './bytes.ts';
import { type Cbor, decodeInner, encodeCbor } from './cbor.ts';
import { type Codec, fixed, label, oneOf, tuple, uint } from './codec.ts';
import {
  checkSignature,
  decodeSigned,
  encodeSigned,
  NO_EXTERNAL,
  recordId,
  REF_BYTES,
  type Signed,
} from './cose.ts';
import { LIMITS } from './limits.ts';
import { readParts } from './precedence.ts';
import { demand, reject } from './result.ts';

/** Seconds since 1970-01-01T00:00:00Z, as issuers sign them (TS-TIM-1). */
export type Seconds = number;
export const seconds: Codec<Seconds> = uint(0xffff_ffff);
export const ref: Codec<Bytes> = fixed(REF_BYTES);

/** Strength of the environment a purse runs in (TS-CRT-11). A verifier may only ever raise caps with it. */
export const ASSURANCE = {
  software: 0,
  keysOnly: 1,
  virtualElement: 2,
  teeEmulation: 3,
  secureElement: 4,
} as const;

/** Tier 0 is the issuer's own signing key: it loads, acknowledges, closes; it holds no balance. */
export const ISSUER_TIER = 0;

/** What a purse may be, as indices into registries that the policy carries (TS-CRT-2). */
export interface PurseProfile {
  /** Row of the ceilings registry. */
  readonly tier: number;
  readonly assurance: number;
  /** Row of the measurement registry. */
  readonly measurement: number;
  readonly statusIndex: number;
}

/** A participant of the scheme, or its operator (TS-CRT-1). */
export interface AuthorityProfile {
  readonly scheme: string;
  readonly role: 0 | 1;
}
export const OPERATOR = 0;
export const PARTICIPANT = 1;

export interface Claims {
  /** Hard expiry: nothing signed by this key is accepted once the floor has passed it. */
  readonly expires: Seconds;
  readonly key: PublicKey;
  /** A participant's code, or an acceptance point's display name; null for a private purse. */
  readonly subject: string | null;
  readonly profile: PurseProfile | AuthorityProfile;
}

/** A certificate as it was read; its signature is checked by {@link checkCertificate}. */
export interface Certificate extends Claims {
  readonly signed: Signed;
  readonly id: Bytes;
  readonly ref: Bytes;
}
export interface PurseCertificate extends Certificate {
  readonly profile: PurseProfile;
}
export interface AuthorityCertificate extends Certificate {
  readonly subject: string;
  readonly profile: AuthorityProfile;
}

/** A stored scheme root: the key that signs authorities, policies and time resets. */
export interface TrustAnchor {
  readonly scheme: string;
  readonly key: PublicKey;
}

const SUBJECT = 2;
const EXPIRES = 4;
const CONFIRMATION = 8;
// Private-use claims (RFC 8392 §9.1 leaves everything below -65536 to us).
const PURSE_PROFILE = -65537;
const AUTHORITY_PROFILE = -65538;

const purseProfile: Codec<PurseProfile> = tuple<PurseProfile>({
  tier: uint(LIMITS.tiers - 1),
  assurance: uint(4),
  measurement: uint(LIMITS.imageVersion),
  statusIndex: uint(LIMITS.listEntries - 1),
});
const authorityProfile: Codec<AuthorityProfile> = tuple<AuthorityProfile>({
  scheme: label(),
  role: oneOf(OPERATOR, PARTICIPANT),
});
const subjectField = label();

/** The CWT claims set (RFC 8392) of the fixed profile. */
export function encodeClaims(claims: Claims): Bytes {
  const entries: [number, Cbor][] = [];
  if (claims.subject !== null) entries.push([SUBJECT, claims.subject]);
  entries.push([EXPIRES, claims.expires], [CONFIRMATION, new Map([[1, toCoseKey(claims.key)]])]);
  entries.push(
    'scheme' in claims.profile
      ? [AUTHORITY_PROFILE, authorityProfile.encode(claims.profile)]
      : [PURSE_PROFILE, purseProfile.encode(claims.profile)],
  );
  return encodeCbor(new Map(entries));
}

function decodeClaims(payload: Bytes): Claims {
  const map = decodeInner(payload);
  demand(map instanceof Map, 'WRONG_KIND', 'not a certificate');
  const ofAuthority = map.has(AUTHORITY_PROFILE);
  const profileLabel = ofAuthority ? AUTHORITY_PROFILE : PURSE_PROFILE;
  const wanted = [EXPIRES, CONFIRMATION, profileLabel, ...(ofAuthority ? [SUBJECT] : [])];
  for (const each of wanted) demand(map.has(each), 'MISSING_FIELD', `claim ${each}`);
  const out: { -readonly [Claim in keyof Claims]?: Claims[Claim] } = {};
  const parts: (() => void)[] = [
    () => (out.expires = seconds.decode(map.get(EXPIRES), 'exp')),
    () => (out.key = decodeConfirmation(map.get(CONFIRMATION))),
    () => (out.subject = map.has(SUBJECT) ? subjectField.decode(map.get(SUBJECT), 'sub') : null),
    () => (out.profile = decodeProfile(map.get(profileLabel), ofAuthority)),
    () => demand(map.size === (map.has(SUBJECT) ? 4 : 3), 'BAD_FIELD', 'unknown claim'),
  ];
  readParts(parts.length, (index) => parts[index]?.());
  return out as Claims;
}

function decodeConfirmation(item: unknown): PublicKey {
  demand(item instanceof Map && item.size === 1 && item.has(1), 'BAD_FIELD', 'cnf');
  return fromCoseKey(item.get(1));
}

function decodeProfile(item: unknown, ofAuthority: boolean): Claims['profile'] {
  return ofAuthority
    ? authorityProfile.decode(item, 'authority')
    : purseProfile.decode(item, 'purse');
}

/** Reads any certificate of the profile; its signature stays to be checked. */
export function decodeCertificate(bytes: Bytes): Certificate {
  const signed = decodeSigned(bytes);
  const id = recordId(signed);
  return { ...decodeClaims(signed.payload), signed, id, ref: id.slice(0, REF_BYTES) };
}

/** Reads the certificate of a purse or issuing key; one of an authority is WRONG_KIND. */
export function decodePurseCertificate(bytes: Bytes): PurseCertificate {
  const certificate = decodeCertificate(bytes);
  return isPurse(certificate) ? certificate : reject('WRONG_KIND', 'a purse certificate is needed');
}

/** Reads the certificate of an authority; one of a purse is WRONG_KIND. */
export function decodeAuthority(bytes: Bytes): AuthorityCertificate {
  const certificate = decodeCertificate(bytes);
  return isAuthority(certificate)
    ? certificate
    : reject('WRONG_KIND', 'an authority certificate is needed');
}

/** Only an issuing key answers, closes and revokes (TS-CRT-6). Rejects: WRONG_ROLE. */
export function checkIssuingKey(certificate: PurseCertificate): void {
  demand(certificate.profile.tier === ISSUER_TIER, 'WRONG_ROLE', 'not an issuing key');
}

/** The certificate as it was signed. */
export function encodeCertificate(certificate: Certificate): Bytes {
  return encodeSigned(certificate.signed);
}

/** What an authority or root signs to issue a certificate. */
export function unsignedCertificate(
  claims: Claims,
  issuer: { alg: Algorithm; ref: Bytes },
): {
  alg: Algorithm;
  kid: Bytes;
  external: Bytes;
  payload: Bytes;
} {
  return { alg: issuer.alg, kid: issuer.ref, external: NO_EXTERNAL, payload: encodeClaims(claims) };
}

function isPurse(certificate: Certificate): certificate is PurseCertificate {
  return 'tier' in certificate.profile;
}

function isAuthority(certificate: Certificate): certificate is AuthorityCertificate {
  return 'scheme' in certificate.profile && certificate.subject !== null;
}

/** The reference by which authorities name the root (TS-CRT-3). */
export function anchorRef(anchor: TrustAnchor): Bytes {
  return sha256(encodeCbor([anchor.scheme, toCoseKey(anchor.key)])).slice(0, REF_BYTES);
}

/** What a verifier stores: one root, and the authorities it has checked, by hex reference. */
export interface TrustStore {
  readonly anchor: TrustAnchor;
  readonly authorities: ReadonlyMap<string, AuthorityCertificate>;
}

/** First level: an authority signed by the root, of the root's scheme (TS-CRT-5). */
export function* checkAuthority(
  certificate: AuthorityCertificate,
  anchor: TrustAnchor,
): Checking<void> {
  demand(equal(certificate.signed.kid, anchorRef(anchor)), 'UNKNOWN_ISSUER');
  demand(certificate.profile.scheme === anchor.scheme, 'UNKNOWN_ISSUER', 'another scheme');
  yield* checkSignature(certificate.signed, anchor.key);
}

/** The stored authority that a certificate names. Rejects: UNKNOWN_ISSUER. */
export function issuerOf(certificate: PurseCertificate, trust: TrustStore): AuthorityCertificate {
  return trust.authorities.get(toHex(certificate.signed.kid)) ?? reject('UNKNOWN_ISSUER');
}

/**
 * Second level: a purse certificate signed by a stored authority (TS-CRT-5). Never a longer path.
 * `floor` is the verifier's issuer-signed time.
 */
export function* checkCertificate(
  certificate: PurseCertificate,
  trust: TrustStore,
  floor: Seconds,
): Checking<AuthorityCertificate> {
  const authority = issuerOf(certificate, trust);
  yield* checkSignature(certificate.signed, authority.key);
  checkExpiry(certificate, authority, floor);
  return authority;
}

/** Hard expiry of the certificate and of the authority above it (TS-CRT-7). */
export function checkExpiry(
  certificate: Certificate,
  authority: Certificate,
  floor: Seconds,
): void {
  demand(floor < certificate.expires && floor < authority.expires, 'CERTIFICATE_EXPIRED');
}
