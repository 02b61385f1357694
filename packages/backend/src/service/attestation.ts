import type { Enrolment, Seconds } from '@tallystick/protocol';
import { equal } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Scheme, SchemeMeasurement } from '../scheme/scheme.ts';

/** Judges the evidence of one kind of environment, bound to the enrolled key and the challenge. */
export interface AttestationVerifier {
  /** Name of the environment, such as `plain-process`. */
  readonly environment: string;
  verify(enrolment: Enrolment, row: SchemeMeasurement): Promise<boolean>;
}

/**
 * The plain process asserts itself: it has no evidence to give, and anybody can claim to be one.
 * That is the lowest tier, and for sandbox schemes only.
 */
export const plainProcess: AttestationVerifier = {
  environment: 'plain-process',
  verify: ({ evidence }) => Promise.resolve(evidence.length === 0),
};

/**
 * The measurement row that the enrolment's environment proves to run.
 * Errors: MEASUREMENT_REFUSED, ATTESTATION_REFUSED.
 */
export async function attest(
  enrolment: Enrolment,
  scheme: Scheme,
  verifiers: readonly AttestationVerifier[],
  now: Seconds,
): Promise<Outcome<SchemeMeasurement>> {
  const row = scheme.measurements.find(({ sha256 }) => equal(sha256, enrolment.measurement));
  if (row === undefined || row.environment !== enrolment.environment) {
    return refuse('MEASUREMENT_REFUSED', 'the scheme does not list it for this environment');
  }
  if (now > row.acceptedUntil) return refuse('MEASUREMENT_REFUSED', `${row.name} is withdrawn`);
  const verifier = verifiers.find(({ environment }) => environment === row.environment);
  if (verifier === undefined || !(await verifier.verify(enrolment, row))) {
    return refuse('ATTESTATION_REFUSED', row.environment);
  }
  return accept(row);
}
