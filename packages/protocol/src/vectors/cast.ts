import { type Algorithm, ES256 } from '../algorithm.ts';
import { type Bytes, toHex } from '../bytes.ts';
import {
  anchorRef,
  type AuthorityCertificate,
  type Claims,
  decodeAuthority,
  decodePurseCertificate,
  encodeCertificate,
  OPERATOR,
  PARTICIPANT,
  type PurseCertificate,
  type PurseProfile,
  type TrustAnchor,
  type TrustStore,
  unsignedCertificate,
} from '../certificate.ts';
import { type Signer, sign, signerOf } from './signer.ts';

/** The people and offices of the vectors, with fixed keys: a scheme, two banks, and their customers. */

/** The moment all of it happens: 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000;
export const DAY = 86_400;

export const SCHEME = 'sandbox';
export const root: Signer = signerOf('root');
export const anchor: TrustAnchor = { scheme: SCHEME, key: root.key };

export interface Authority {
  readonly signer: Signer;
  readonly certificate: AuthorityCertificate;
}

/** An authority of the scheme, under the root. */
export function authority(subject: string, role: 0 | 1, change: Partial<Claims> = {}): Authority {
  const signer = signerOf(subject);
  const claims: Claims = {
    expires: NOW + 1_000 * DAY,
    key: signer.key,
    subject,
    profile: { scheme: SCHEME, role },
    ...change,
  };
  const issuer = { alg: root.key.alg, ref: anchorRef(anchor) };
  const certificate = decodeAuthority(sign(unsignedCertificate(claims, issuer), root));
  return { signer, certificate };
}

export const operator: Authority = authority('operator', OPERATOR);
export const bankA: Authority = authority('bank-a', PARTICIPANT);
export const bankB: Authority = authority('bank-b', PARTICIPANT);

/** A holder of a purse or issuing key. */
export interface Party {
  readonly signer: Signer;
  readonly certificate: PurseCertificate;
  /** The certificate as it travels. */
  readonly wire: Bytes;
}

export interface PartyOptions {
  readonly profile?: Partial<PurseProfile>;
  readonly subject?: string | null;
  readonly expires?: number;
  readonly alg?: Algorithm;
}

/** A purse or issuing key with a certificate of an authority. */
export function party(name: string, issuer: Authority, options: PartyOptions = {}): Party {
  const signer = signerOf(name, options.alg ?? ES256);
  const claims: Claims = {
    expires: options.expires ?? NOW + 90 * DAY,
    key: signer.key,
    subject: options.subject ?? null,
    profile: { tier: 1, assurance: 0, measurement: 1, statusIndex: 70_000, ...options.profile },
  };
  const above = { alg: issuer.signer.key.alg, ref: issuer.certificate.ref };
  const wire = sign(unsignedCertificate(claims, above), issuer.signer);
  const certificate = decodePurseCertificate(wire);
  return { signer, certificate, wire: encodeCertificate(certificate) };
}

const ISSUING = { tier: 0, assurance: 4, measurement: 0 } as const;

export const alice: Party = party('alice', bankA, { profile: { statusIndex: 70_001 } });
export const bob: Party = party('bob', bankB, { profile: { statusIndex: 70_002 } });
export const terminal: Party = party('terminal', bankB, {
  subject: 'Café Zoë, lane 3',
  profile: { tier: 2, statusIndex: 70_003 },
});
export const issuerA: Party = party('issuer-a', bankA, { profile: { ...ISSUING, statusIndex: 1 } });
export const operatorKey: Party = party('operator-key', operator, {
  profile: { ...ISSUING, statusIndex: 2 },
});

/** What every device of the scheme stores. */
export const trust: TrustStore = {
  anchor,
  authorities: new Map(
    [operator, bankA, bankB].map(({ certificate }) => [toHex(certificate.ref), certificate]),
  ),
};
