import {
  attempt,
  type Certificate,
  checkAuthority,
  checkCertificate,
  type Checking,
  checkSignature,
  decodeAuthority,
  demand,
  encodeCertificate,
  equal,
  anchorRef,
  ISSUER_TIER,
  isStatusSet,
  OPERATOR,
  PARTICIPANT,
  type PurseCertificate,
  runChecking,
  type Seconds,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import type { Trust } from '../trust/trust-file.ts';
import type { Check } from './explained.ts';
import type { Material } from './material.ts';
import { showTime } from './fields.ts';

const NO_TRUST = 'no trust file is at hand: give one with --trust';

/** Makes a check, which rejects where it fails, and puts its outcome in words. */
export function check(name: string, demanding: () => unknown): Check {
  const outcome = attempt(demanding);
  if (outcome.ok) return { name, outcome: 'passed', code: null, detail: '' };
  const { code, message } = outcome.error;
  return { name, outcome: 'failed', code, detail: message };
}

/** Carries out the signature checks of a checking; rejects where it fails. */
export function verify<T>(checking: Checking<T>): T {
  return runChecking(checking, softwareVerify);
}

/** A check that could not be made, and what would make it possible. */
export function unchecked(name: string, missing: string): Check {
  return { name, outcome: 'not checked', code: null, detail: missing };
}

/** The certificate a message is signed under, or what to add. */
export function signerOf(signed: Signed, material: Material): PurseCertificate | null {
  return material.certificates.get(toHex(signed.kid)) ?? null;
}

/** Signature of a purse or issuing key, and that key's chain to the stored root. */
export function signatureChecks(signed: Signed, material: Material): Check[] {
  const signer = signerOf(signed, material);
  if (signer === null) {
    const missing = `certificate ${toHex(signed.kid)} is not at hand: give it with --certificate`;
    return [unchecked('signature', missing)];
  }
  return [
    check('signature', () => verify(checkSignature(signed, signer.key))),
    chainCheck('certificate of the signer', signer, material.trust),
  ];
}

/** Like {@link signatureChecks}, by an issuing key of a participant or of the operator (TS-CRT-6). */
export function issuerChecks(signed: Signed, material: Material, role: 0 | 1): Check[] {
  const checks = signatureChecks(signed, material);
  const signer = signerOf(signed, material);
  if (signer === null || material.trust === null) return checks;
  const authority = material.trust.store.authorities.get(toHex(signer.signed.kid));
  const office = { [OPERATOR]: 'the operator', [PARTICIPANT]: 'a participant' }[role];
  const allowed = check(`signed by an issuing key of ${office}`, () => {
    demand(signer.profile.tier === ISSUER_TIER, 'WRONG_ROLE', 'its key is that of a purse');
    demand(authority?.profile.role === role, 'WRONG_ROLE');
  });
  return [...checks, allowed];
}

/** Signature of the scheme's root itself. */
export function rootChecks(signed: Signed, material: Material): Check[] {
  const name = 'signature of the scheme root';
  const { trust } = material;
  if (trust === null) return [unchecked(name, NO_TRUST)];
  return [
    check(name, () => {
      demand(equal(signed.kid, anchorRef(trust.store.anchor)), 'UNKNOWN_ISSUER');
      verify(checkSignature(signed, trust.store.anchor.key));
    }),
  ];
}

/** That a certificate leads to the stored root, whenever it expires. */
export function chainCheck(name: string, certificate: Certificate, trust: Trust | null): Check {
  if (trust === null) return unchecked(name, NO_TRUST);
  return check(name, () => {
    const { profile } = certificate;
    if ('scheme' in profile) {
      verify(checkAuthority(decodeAuthority(encodeCertificate(certificate)), trust.store.anchor));
    } else {
      verify(checkCertificate({ ...certificate, profile }, trust.store, 0));
    }
  });
}

/** That a certificate had not expired at a moment (TS-CRT-7). */
export function expiryCheck(certificate: Certificate, at: Seconds): Check {
  return check(`not expired at ${showTime(at)}`, () => {
    demand(at < certificate.expires, 'CERTIFICATE_EXPIRED', showTime(certificate.expires));
  });
}

/** That the stored status list does not name a certificate (TS-LST-4). */
export function revocationCheck(certificate: PurseCertificate, material: Material): Check {
  const name = 'not revoked';
  const list = material.trust?.list;
  if (list == null) return unchecked(name, 'the trust file holds no status list: write it anew');
  return check(`${name}, by status list ${list.version}`, () => {
    demand(!isStatusSet(list.bits, certificate.profile.statusIndex), 'REVOKED');
  });
}
