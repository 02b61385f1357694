import {
  type AuthorityCertificate,
  type Bytes,
  checkCertificate,
  checkExpiry,
  decodeAuthority,
  decodePurseCertificate,
  demand,
  equal,
  ISSUER_TIER,
  OPERATOR,
  type PurseCertificate,
  publicKey,
  reject,
  type Seconds,
  toHex,
  type TrustAnchor,
  type TrustStore,
} from '@tallystick/protocol';
import { checked, type Steps } from './effects.ts';
import { currentKey, type Purse } from './purse.ts';

/** Certificates whose chain was verified since start, by hex id: each is verified once (TS-CRT-12). */
export interface Context {
  /** Before this command. */
  readonly verified: ReadonlySet<string>;
  /** By this command. */
  readonly added: string[];
}

export function anchorOf(purse: Purse): TrustAnchor {
  return { scheme: purse.scheme, key: publicKey(purse.rootAlgorithm, purse.rootKey) };
}

/** The purse's own root and authorities, as a verifier wants them. */
export function trustOf(purse: Purse): TrustStore {
  const authorities = new Map<string, AuthorityCertificate>();
  for (const bytes of purse.authorities) {
    const authority = decodeAuthority(bytes);
    authorities.set(toHex(authority.ref), authority);
  }
  return { anchor: anchorOf(purse), authorities };
}

/** Reads a certificate and checks its chain, or only its expiry when the chain was verified before. */
export function* trustedCertificate(
  purse: Purse,
  context: Context,
  bytes: Bytes,
  floor: Seconds = purse.floor,
): Steps<{ certificate: PurseCertificate; authority: AuthorityCertificate }> {
  const certificate = decodePurseCertificate(bytes);
  const trust = trustOf(purse);
  const authority =
    trust.authorities.get(toHex(certificate.signed.kid)) ?? reject('UNKNOWN_ISSUER');
  const key = toHex(certificate.id);
  if (context.verified.has(key) || context.added.includes(key)) {
    checkExpiry(certificate, authority, floor);
  } else {
    yield* checked(checkCertificate(certificate, trust, floor));
    context.added.push(key);
  }
  return { certificate, authority };
}

/** A purse certificate that may take part in payments: neither revoked nor banned (TS-LST-4). */
export function demandNotRevoked(purse: Purse, certificate: PurseCertificate): void {
  const index = certificate.profile.statusIndex;
  demand(!includesSorted(purse.revoked, index), 'REVOKED', toHex(certificate.ref));
  demand(
    !purse.bans.some((ban) => equal(ban.ref, certificate.ref)),
    'REVOKED',
    'a fork proof names it',
  );
}

function includesSorted(sorted: readonly number[], wanted: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? wanted;
    if (value === wanted) return true;
    if (value < wanted) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** An issuing key of the participant that issued this purse (TS-CRT-6). */
export function* ownIssuer(
  purse: Purse,
  context: Context,
  bytes: Bytes,
  floor?: Seconds,
): Steps<PurseCertificate> {
  const { certificate } = yield* trustedCertificate(purse, context, bytes, floor);
  demand(
    isOwnIssuer(purse, certificate),
    'WRONG_ROLE',
    'not an issuing key of the own participant',
  );
  return certificate;
}

export function isIssuer(certificate: PurseCertificate): boolean {
  return certificate.profile.tier === ISSUER_TIER;
}

export function isOwnIssuer(purse: Purse, certificate: PurseCertificate): boolean {
  return isIssuer(certificate) && equal(certificate.signed.kid, ownCertificate(purse).signed.kid);
}

/** The operator's key that signs status lists. */
export function* operatorKey(
  purse: Purse,
  context: Context,
  bytes: Bytes,
): Steps<PurseCertificate> {
  const { certificate, authority } = yield* trustedCertificate(purse, context, bytes);
  demand(
    isIssuer(certificate) && authority.profile.role === OPERATOR,
    'WRONG_ROLE',
    'not an issuing key of the operator',
  );
  return certificate;
}

/** The certificate this purse signs under now. */
export function ownCertificate(purse: Purse): PurseCertificate {
  return decodePurseCertificate(currentKey(purse).certificate);
}
