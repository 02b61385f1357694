import {
  type AuthorityCertificate,
  checkCertificate,
  checkExpiry,
  checkSignature,
  concat,
  decodeAuthority,
  demand,
  equal,
  ISSUER_TIER,
  OPERATOR,
  type PurseCertificate,
  publicKey,
  reject,
  type Signed,
  toHex,
  type TrustAnchor,
  type TrustStore,
} from '@tallystick/protocol';
import { derived } from './derived.ts';
import { checked, type Steps } from './effects.ts';
import { ownCertificate } from './own-keys.ts';
import type { Purse } from './purse.ts';
import { demandNotRevoked } from './revocation.ts';

/** Certificates verified since start, by hex of id and signature: each is verified once (TS-CRT-12). */
export interface Context {
  /** Before this command. */
  readonly verified: ReadonlySet<string>;
  /** By this command. */
  readonly added: string[];
}

export function anchorOf(purse: Purse): TrustAnchor {
  return { scheme: purse.scheme, key: publicKey(purse.rootAlgorithm, purse.rootKey) };
}

const byReference = derived(
  (authorities: Purse['authorities']): TrustStore['authorities'] =>
    new Map(authorities.map(decodeAuthority).map((each) => [toHex(each.ref), each])),
);

/** The purse's own root and authorities, as a verifier wants them. */
export function trustOf(purse: Purse): TrustStore {
  return { anchor: anchorOf(purse), authorities: byReference(purse.authorities) };
}

/** Whoever signed a message: its certificate, and the authority above it. */
export interface Signatory {
  readonly certificate: PurseCertificate;
  readonly authority: AuthorityCertificate;
}

/** Rejects with WRONG_ROLE a signatory that may not say this. */
export type Role = (signatory: Signatory) => void;

/**
 * Who signed a message, proven up to the stored root, in order of precedence. Whether the certificate
 * still stands is not asked: that is {@link demandStanding}.
 * Rejects: UNKNOWN_CERTIFICATE, UNKNOWN_ISSUER, WRONG_ROLE, ALGORITHM_MISMATCH, BAD_SIGNATURE.
 */
export function* authenticate(
  purse: Purse,
  context: Context,
  message: { readonly signed: Signed; readonly certificate: PurseCertificate; readonly role: Role },
): Steps<Signatory> {
  const { signed, certificate, role } = message;
  demand(equal(certificate.ref, signed.kid), 'UNKNOWN_CERTIFICATE', 'signed under another');
  const signatory = signatoryOf(purse, certificate);
  role(signatory);
  demand(signed.alg === certificate.key.alg, 'ALGORITHM_MISMATCH');
  yield* verifyChain(purse, context, certificate);
  yield* checked(checkSignature(signed, certificate.key));
  return signatory;
}

export function signatoryOf(purse: Purse, certificate: PurseCertificate): Signatory {
  const authority = trustOf(purse).authorities.get(toHex(certificate.signed.kid));
  return { certificate, authority: authority ?? reject('UNKNOWN_ISSUER') };
}

function* verifyChain(purse: Purse, context: Context, certificate: PurseCertificate): Steps<void> {
  // The id leaves the signature out: other bytes under the same id must not pass as verified.
  // GUARD verified-bytes (rule 1): the id alone would let a spoilt signature pass as verified.
  const key = toHex(concat(certificate.id, certificate.signed.signature));
  if (context.verified.has(key) || context.added.includes(key)) return;
  yield* checked(checkCertificate(certificate, trustOf(purse), 0));
  context.added.push(key);
}

/** A certificate that counts now: unexpired by the floor, and so is its authority; unrevoked. */
export function demandStanding(purse: Purse, { certificate, authority }: Signatory): void {
  checkExpiry(certificate, authority, purse.floor);
  demandNotRevoked(purse, certificate);
}

export function isIssuer(certificate: PurseCertificate): boolean {
  return certificate.profile.tier === ISSUER_TIER;
}

/** An issuing key of the participant that issued this purse (TS-CRT-6). */
export function isOwnIssuer(purse: Purse, certificate: PurseCertificate): boolean {
  return isIssuer(certificate) && equal(certificate.signed.kid, ownCertificate(purse).signed.kid);
}

/** Loads, answers and closures come from the own participant alone. */
export function ownIssuer(purse: Purse): Role {
  return ({ certificate }) =>
    demand(
      isOwnIssuer(purse, certificate),
      'WRONG_ROLE',
      'not an issuing key of the own participant',
    );
}

/** Status lists come from the operator alone. */
export const operatorsKey: Role = ({ certificate, authority }) =>
  demand(
    isIssuer(certificate) && authority.profile.role === OPERATOR,
    'WRONG_ROLE',
    'not an issuing key of the operator',
  );

/** Receipts and voids come from purses, whichever. */
export const anyPurse: Role = ({ certificate }) =>
  demand(!isIssuer(certificate), 'WRONG_ROLE', 'an issuing key holds no purse');
