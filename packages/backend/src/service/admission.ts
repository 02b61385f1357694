import {
  type Bytes,
  checkEnrolment,
  decodePurseCertificate,
  type Enrolment,
  type PublicKey,
  publicKey,
  toHex,
} from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import {
  type Holder,
  lowerTierFor,
  purseExpiry,
  type SchemeTier,
  tierFor,
} from '../scheme/scheme.ts';
import { runOne } from '../verification/verifier.ts';
import { attest, type Attested } from '../attestation/attest.ts';
import { takeStatusIndex } from '../authority/status-index.ts';
import type { Parts } from './parts.ts';

/** A key that has shown what it is and where it lives. */
export interface Admitted {
  readonly enrolment: Enrolment;
  readonly key: PublicKey;
  readonly attested: Attested;
}

/**
 * Checks an enrolment: signed by the very key, over a challenge of ours, from an environment that
 * the scheme admits (TS-ENR-1).
 * Errors: decoding codes, UNKNOWN_ALGORITHM, BAD_SIGNATURE, CHALLENGE_REFUSED, MEASUREMENT_REFUSED,
 * ATTESTATION_REFUSED.
 */
export async function admit(parts: Parts, wire: Bytes): Promise<Outcome<Admitted>> {
  const { scheme, verifyMany } = parts;
  const checked = await runOne(checkEnrolment(wire), verifyMany);
  if (!checked.ok) return checked;
  const enrolment = checked.value;
  if (!scheme.algorithms.includes(enrolment.alg)) {
    return refuse('UNKNOWN_ALGORITHM', 'the scheme does not admit it for purses');
  }
  const attested = await attest(enrolment, parts);
  if (!attested.ok) return attested;
  const key = publicKey(enrolment.alg, enrolment.key);
  return accept({ enrolment, key, attested: attested.value });
}

/** Who a certificate is for. */
export interface Subject {
  readonly participant: string;
  /** Display name of an acceptance point; null for a person. */
  readonly acceptancePoint: string | null;
}

/**
 * Signs a certificate whose reference nobody has yet. Errors: ATTESTATION_REFUSED without a tier.
 *
 * @param isLowered whether it is of the next lower tier than its environment is worth (TS-ATT-6)
 */
export async function certify(
  parts: Parts,
  { key, attested }: Admitted,
  subject: Subject,
  isLowered: boolean,
): Promise<Outcome<Bytes>> {
  const { scheme, authority, store, clock } = parts;
  const holder: Holder = subject.acceptancePoint === null ? 'person' : 'acceptancePoint';
  const toTier = isLowered ? lowerTierFor : tierFor;
  const tier: SchemeTier | undefined = toTier(scheme, attested.assurance, holder);
  if (tier === undefined) return refuse('ATTESTATION_REFUSED', `no tier for this ${holder}`);
  for (;;) {
    // A reference is a hash cut short: in the rare case that it is taken, the next index gives another.
    const wire = await authority.certify(subject.participant, {
      key,
      expires: purseExpiry(scheme, holder, clock()),
      subject: subject.acceptancePoint,
      profile: {
        tier: tier.tier,
        assurance: tier.assurance,
        measurement: attested.measurement,
        statusIndex: await takeStatusIndex(store),
      },
    });
    const ref = toHex(decodePurseCertificate(wire).ref);
    if ((await store.certificates([ref])).length === 0) return accept(wire);
  }
}
