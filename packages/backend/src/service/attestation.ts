import type { Enrolment } from '@tallystick/protocol';
import { equal } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Parts } from './parts.ts';

/** Judges the evidence of one kind of environment, bound to the enrolled key and the challenge. */
export interface AttestationVerifier {
  /** Name of the environment, such as `plain-process`. */
  readonly environment: string;
  verify(enrolment: Enrolment): Promise<boolean>;
}

/**
 * An environment that asserts itself: it has no evidence to give, and anybody can claim to be one. That
 * is worth what software is, and for sandbox schemes only.
 */
export function selfAsserted(environment: string): AttestationVerifier {
  return {
    environment,
    verify: ({ evidence }) => Promise.resolve(evidence.length === 0),
  };
}

/** What an enrolment has shown of where its key lives. */
export interface Attested {
  /** Index of the image in the measurement registry (TS-IMG-5). */
  readonly measurement: number;
  readonly assurance: number;
}

/**
 * The image that the enrolment's environment proves to run, and what that environment is worth.
 * Errors: MEASUREMENT_REFUSED, ATTESTATION_REFUSED.
 */
export async function attest(
  enrolment: Enrolment,
  { scheme, authority, attestations, clock }: Parts,
): Promise<Outcome<Attested>> {
  const { measurements } = authority.policy.value;
  // The same code may have been published again, under a later version.
  const row = measurements.findLast(({ sha256 }) => equal(sha256, enrolment.measurement));
  if (row === undefined) {
    return refuse('MEASUREMENT_REFUSED', 'it is no image of this scheme, or was withdrawn');
  }
  if (clock() > row.acceptedUntil) {
    return refuse('MEASUREMENT_REFUSED', `version ${row.index} is too old; take the newest`);
  }
  const named = (each: { readonly environment: string }): boolean =>
    each.environment === enrolment.environment;
  const environment = scheme.environments.find(named);
  const verifier = attestations.find(named);
  if (environment === undefined || verifier === undefined || !(await verifier.verify(enrolment))) {
    return refuse('ATTESTATION_REFUSED', enrolment.environment);
  }
  return accept({ measurement: row.index, assurance: environment.assurance });
}
