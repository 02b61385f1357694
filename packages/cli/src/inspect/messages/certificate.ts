import {
  ASSURANCE,
  type AuthorityProfile,
  type Bytes,
  type Certificate,
  type Claims,
  decodeCertificate,
  ISSUER_TIER,
  type PublicKey,
  type PurseProfile,
  type Seconds,
} from '@tallystick/protocol';
import { chainCheck, expiryCheck, revocationCheck } from '../checks.ts';
import type { Check, Explained, Field } from '../explained.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showAlgorithm,
  showCount,
  showHex,
  showText,
  showTime,
} from '../fields.ts';
import type { Material } from '../material.ts';
import { headerFields, signatureFields } from '../signed.ts';

const CLAIMS: FieldTexts<Pick<Claims, 'subject' | 'expires'>> = {
  subject: field(
    (value) => (value === null ? 'none' : showText(value)),
    "a participant's code or an acceptance point's name; a private purse has none",
    'TS-CRT-1',
  ),
  expires: field(showTime, 'nothing it signs is accepted from then on', 'TS-CRT-7'),
};

const KEY: FieldTexts<PublicKey> = {
  alg: field(showAlgorithm, 'the one algorithm the key may be used with', 'TS-ALG-2'),
  bytes: field(showHex, 'the public key that this certifies', 'TS-CRT-2'),
};

const ASSURANCE_NAMES = new Map<number, string>(
  Object.entries(ASSURANCE).map(([name, value]) => [value, name]),
);

const PURSE: FieldTexts<PurseProfile> = {
  tier: field(
    (value) => (value === ISSUER_TIER ? `${value}, an issuing key` : showCount(value)),
    'row of the ceilings registry in the policy',
    'TS-CRT-2',
  ),
  assurance: field(
    (value) => `${ASSURANCE_NAMES.get(value)} (${value})`,
    'how strong the environment of the purse is',
    'TS-CRT-11',
  ),
  measurement: field(
    showCount,
    'row of the measurement registry: which trusted application runs in it',
    'TS-CRT-2',
  ),
  statusIndex: field(showCount, 'its place in the status list', 'TS-LST-1'),
};

const AUTHORITY: FieldTexts<AuthorityProfile> = {
  scheme: field(showText, 'the scheme it belongs to', 'TS-CRT-1'),
  role: field(
    (value) => (value === 0 ? 'operator (0)' : 'participant (1)'),
    'the operator signs status lists; participants issue purses',
    'TS-CRT-1',
  ),
};

/**
 * A certificate of a purse, issuing key or authority. `at` is the moment at which it must be in
 * force; null where it is evidence, so that neither expiry nor revocation matters.
 */
export function explainCertificate(
  wire: Bytes,
  material: Material,
  at: Seconds | null = material.now,
): Explained {
  const certificate = decodeCertificate(wire);
  const { signed } = certificate;
  return {
    ...kindOf(certificate),
    clause: 'TS-CRT-1',
    bytes: wire.length,
    fields: [
      ...headerFields(signed, material),
      ...explainFields(CLAIMS, certificate, null),
      ...explainFields(KEY, certificate.key, null, 'key.'),
      ...profileFields(certificate),
      ...signatureFields(signed),
    ],
    checks: certificateChecks(certificate, material, at),
    parts: [],
  };
}

function kindOf({ profile }: Certificate): Pick<Explained, 'kind' | 'says'> {
  if ('scheme' in profile) {
    return { kind: 'authority certificate', says: 'the root names an operator or participant' };
  }
  return profile.tier === ISSUER_TIER
    ? { kind: 'issuing certificate', says: 'an authority names a key that signs for it' }
    : { kind: 'purse certificate', says: 'a participant names a purse and what it may do' };
}

function profileFields({ profile }: Certificate): Field[] {
  return 'scheme' in profile
    ? explainFields(AUTHORITY, profile, null, 'profile.')
    : explainFields(PURSE, profile, null, 'profile.');
}

function certificateChecks(
  certificate: Certificate,
  material: Material,
  at: Seconds | null,
): Check[] {
  const checks = [chainCheck('chain to the stored root', certificate, material.trust)];
  if (at === null) return checks;
  checks.push(expiryCheck(certificate, at));
  const { profile } = certificate;
  if (!('scheme' in profile)) checks.push(revocationCheck({ ...certificate, profile }, material));
  return checks;
}
