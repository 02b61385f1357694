import {
  type AuthorityCertificate,
  anchorRef,
  ASSURANCE,
  type Bytes,
  encodeSigned,
  ISSUER_TIER,
  OPERATOR,
  PARTICIPANT,
  type PurseProfile,
  type PublicKey,
  type Seconds,
  toBeSigned,
  type TrustAnchor,
  type Unsigned,
  unsignedCertificate,
} from '@tallystick/protocol';
import type { Scheme } from '../scheme/scheme.ts';
import type { SigningKey } from './keys.ts';

/** COSE_Sign1 of a message by a key. */
export async function signWith(key: SigningKey, message: Unsigned): Promise<Bytes> {
  return encodeSigned({ ...message, signature: await key.sign(toBeSigned(message)) });
}

/** The certificate of the operator or of a participant, under the root (TS-CRT-1). */
export async function certifyAuthority(
  scheme: Scheme,
  root: { readonly anchor: TrustAnchor; readonly signer: SigningKey },
  code: string,
  key: PublicKey,
  now: Seconds,
): Promise<Bytes> {
  const claims = {
    expires: now + scheme.certificateSeconds.authority,
    key,
    subject: code,
    profile: {
      scheme: scheme.id,
      role: code === scheme.operator.code ? OPERATOR : PARTICIPANT,
    },
  } as const;
  const issuer = { alg: root.signer.key.alg, ref: anchorRef(root.anchor) };
  return signWith(root.signer, unsignedCertificate(claims, issuer));
}

/** What a purse certificate says besides who issued it. */
export interface PurseClaims {
  readonly key: PublicKey;
  readonly expires: Seconds;
  /** Display name of an acceptance point; null for a private purse. */
  readonly subject: string | null;
  readonly profile: PurseProfile;
}

/** A certificate of a purse, or of an issuing key, under an authority (TS-CRT-2). */
export function certifyPurse(
  authority: { readonly certificate: AuthorityCertificate; readonly signer: SigningKey },
  claims: PurseClaims,
): Promise<Bytes> {
  const { certificate, signer } = authority;
  return signWith(
    signer,
    unsignedCertificate(claims, { alg: signer.key.alg, ref: certificate.ref }),
  );
}

/** The profile of an issuing key: it holds no balance, and no environment measures it. */
export function issuerProfile(statusIndex: number): PurseProfile {
  return { tier: ISSUER_TIER, assurance: ASSURANCE.software, measurement: 0, statusIndex };
}
