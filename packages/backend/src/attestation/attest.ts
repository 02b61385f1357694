import {
  attempt,
  type Attestation,
  type Bytes,
  decodeAttestation,
  type Enrolment,
  enrolmentBinding,
  equal,
} from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { SchemeEnvironment } from '../scheme/scheme.ts';
import type { Parts } from '../service/parts.ts';
import { isOwnChallenge } from './challenge.ts';
import { type Method, methodOf, verifierOf } from './verifier.ts';

/** What an enrolment has shown of where its key lives. */
export interface Attested {
  /** Index of the image in the measurement registry (TS-IMG-5). */
  readonly measurement: number;
  /** What environment and evidence are worth (TS-ATT-5). */
  readonly assurance: number;
}

/**
 * The image that the enrolment's environment says it runs, and what that environment and its evidence are
 * worth. Errors: decoding codes of the evidence, CHALLENGE_REFUSED, MEASUREMENT_REFUSED, ATTESTATION_REFUSED.
 */
export async function attest(enrolment: Enrolment, parts: Parts): Promise<Outcome<Attested>> {
  const { secret, clock, verifyMany, attestations, scheme } = parts;
  const { evidence } = enrolment;
  const read = attempt(() => (evidence.length === 0 ? null : decodeAttestation(evidence)));
  if (!read.ok) return read;
  const attestation = read.value;
  if (!isOwnChallenge(secret, enrolment.challenge, clock(), addressee(attestation))) {
    return refuse('CHALLENGE_REFUSED');
  }
  const measurement = measured(enrolment, parts);
  if (!measurement.ok) return measurement;
  const method = methodOf(attestation);
  const environment = environmentOf(scheme.environments, enrolment.environment, method);
  if (environment === undefined) {
    return refuse('ATTESTATION_REFUSED', `${enrolment.environment}, ${method}`);
  }
  const verifier = verifierOf(method, attestations);
  if (!verifier.ok) return verifier;
  const claim = {
    attestation,
    enrolment,
    binding: enrolmentBinding(enrolment),
    now: clock(),
    verifyMany,
  };
  const verdict = await verifier.value.verify(claim);
  if (!verdict.ok) return verdict;
  return accept({ measurement: measurement.value, assurance: environment.assurance });
}

/** Whom the challenge must have been made for: hardware that had to show itself first, or anybody. */
function addressee(attestation: Attestation | null): Bytes {
  return attestation?.kind === 1 ? attestation.attestationKey : new Uint8Array(0);
}

function measured({ measurement }: Enrolment, { authority, clock }: Parts): Outcome<number> {
  const { measurements } = authority.policy.value;
  // The same code may have been published again, under a later version.
  const row = measurements.findLast(({ sha256 }) => equal(sha256, measurement));
  if (row === undefined) {
    return refuse('MEASUREMENT_REFUSED', 'it is no image of this scheme, or was withdrawn');
  }
  if (clock() > row.acceptedUntil) {
    return refuse('MEASUREMENT_REFUSED', `version ${row.index} is too old; take the newest`);
  }
  return accept(row.index);
}

function environmentOf(
  rows: readonly SchemeEnvironment[],
  name: string,
  method: Method,
): SchemeEnvironment | undefined {
  return rows.find(
    ({ environment, attestation }) => environment === name && attestation === method,
  );
}
