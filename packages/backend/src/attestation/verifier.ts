import { type Attestation, ATTESTATION, type Bytes, type Enrolment } from '@tallystick/protocol';
import type { Introduction, Credential, Seconds } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { VerifyMany } from '../verification/verifier.ts';

/** How a key may be shown to live where its enrolment says, from the weakest on (TS-ATT-4). */
export const METHODS = [
  'self-asserted',
  'webauthn',
  'tpm',
  'tpm-counter',
  'android-key',
  'app-attest',
] as const;
export type Method = (typeof METHODS)[number];

/** Methods that have their place, and no verifier yet: a scheme that names one cannot be used. */
export const LATER_METHODS: ReadonlySet<Method> = new Set(['android-key', 'app-attest']);

/** The method that evidence is of; what it claims, before anything is verified. */
export function methodOf(attestation: Attestation | null): Method {
  switch (attestation?.kind) {
    case undefined:
      return 'self-asserted';
    case ATTESTATION.tpm:
      return attestation.counter === null ? 'tpm' : 'tpm-counter';
    case ATTESTATION.webauthn:
      return 'webauthn';
    case ATTESTATION.androidKey:
      return 'android-key';
    case ATTESTATION.appAttest:
      return 'app-attest';
  }
}

/** Evidence, and the enrolment that it came with. */
interface Claim {
  readonly attestation: Attestation | null;
  readonly enrolment: Enrolment;
  /** What the evidence must be about (TS-ATT-1). */
  readonly binding: Bytes;
  /** Issuer time. */
  readonly now: Seconds;
  readonly verifyMany: VerifyMany;
}

/** Judges evidence of some methods. */
export interface AttestationVerifier {
  readonly methods: readonly Method[];
  /** Whether the evidence shows what it claims. Errors: ATTESTATION_REFUSED. */
  verify(claim: Claim): Promise<Outcome<null>>;
  /**
   * Hands a challenge to one piece of hardware alone, where the method works that way (TS-ATT-3). Errors:
   * ATTESTATION_REFUSED where nothing vouches for that hardware.
   */
  readonly seal?: (
    introduction: Introduction,
    challenge: Bytes,
    now: Seconds,
  ) => Promise<Outcome<Credential>>;
}

/** No evidence at all: anybody can claim anything. The scheme says what that is worth. */
const selfAssertion: AttestationVerifier = {
  methods: ['self-asserted'],
  verify: () => Promise.resolve(accept(null)),
};

/** The verifier of a method, if this backend has one. */
export function verifierOf(
  method: Method,
  verifiers: readonly AttestationVerifier[],
): Outcome<AttestationVerifier> {
  const found = [selfAssertion, ...verifiers].find(({ methods }) => methods.includes(method));
  if (found !== undefined) return accept(found);
  const why = LATER_METHODS.has(method)
    ? 'there is no verifier of it yet'
    : 'this backend has none';
  return refuse('ATTESTATION_REFUSED', `${method}: ${why}`);
}
