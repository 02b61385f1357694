import { type Bytes, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import {
  blob,
  type Codec,
  fixed,
  list,
  member,
  nullable,
  tagged,
  tuple,
  uint,
  union,
} from './codec.ts';
import type { Enrolment } from './enrolment.ts';
import { LIMITS } from './limits.ts';

/** Kinds of evidence (TS-ATT-2). None at all is self-assertion, which anybody can make. */
export const ATTESTATION = { tpm: 1, webauthn: 2, androidKey: 3, appAttest: 4 } as const;

/** What a device shows of where its key lives, over {@link enrolmentBinding}. */
export type Attestation =
  | TpmAttestation
  | WebauthnAttestation
  | AndroidKeyAttestation
  | AppAttestation;

/** A TPM 2.0 says of the enrolled key, of itself, and of a counter, what is so; its attestation key signs. */
export interface TpmAttestation {
  readonly kind: 1;
  /** TPMT_PUBLIC of the attestation key. */
  readonly attestationKey: Bytes;
  /** TPMT_PUBLIC of the enrolled key. */
  readonly key: Bytes;
  /** TPM2_Certify of the enrolled key. */
  readonly certified: TpmStatement;
  /** TPM2_Quote of the platform's registers. */
  readonly quote: TpmStatement;
  /** TPM2_NV_Certify of the counter that the sealed state hangs on; null where there is none. */
  readonly counter: TpmCounter | null;
}

/** What a TPM signed. */
export interface TpmStatement {
  /** TPMS_ATTEST. */
  readonly attest: Bytes;
  /** ES256: r and s, 32 bytes each. */
  readonly signature: Bytes;
}

export interface TpmCounter {
  readonly handle: number;
  readonly certified: TpmStatement;
}

/** An authenticator of the platform made a credential over the binding (WebAuthn, section 6.5). */
export interface WebauthnAttestation {
  readonly kind: 2;
  readonly attestationObject: Bytes;
  readonly clientData: Bytes;
}

/** Android's key attestation: it has its place here, and no verifier yet. */
export interface AndroidKeyAttestation {
  readonly kind: 3;
  readonly statement: Bytes;
}

/** Apple's App Attest: it has its place here, and no verifier yet. */
export interface AppAttestation {
  readonly kind: 4;
  readonly statement: Bytes;
}

/**
 * How a device with a TPM asks for a challenge: its attestation key, and the certificates that show the
 * endorsement key to be a genuine TPM's (TS-ATT-3).
 */
export interface Introduction {
  /** TPMT_PUBLIC of the attestation key. */
  readonly attestationKey: Bytes;
  /** X.509 in DER, the endorsement key's first, each issued by the next. */
  readonly chain: readonly Bytes[];
}

/** A challenge that only the TPM with both keys can read: what TPM2_ActivateCredential takes (TS-ATT-3). */
export interface Credential {
  /** TPMS_ID_OBJECT, the content of TPM2B_ID_OBJECT. */
  readonly object: Bytes;
  /** The seed, encrypted to the endorsement key. */
  readonly secret: Bytes;
}

/** A TPMT_PUBLIC of a key of any kind that is used here. */
const publicArea = blob(LIMITS.tpmStructureBytes, 1);
const statement: Codec<TpmStatement> = tuple<TpmStatement>({
  attest: blob(LIMITS.tpmStructureBytes, 1),
  signature: fixed(64),
});
const later = blob(LIMITS.evidenceBytes, 1);

const attestation: Codec<Attestation> = union<Attestation, Attestation['kind']>({
  1: member<TpmAttestation>(1, {
    attestationKey: publicArea,
    key: publicArea,
    certified: statement,
    quote: statement,
    counter: nullable(tuple<TpmCounter>({ handle: uint(0xffff_ffff), certified: statement })),
  }),
  2: member<WebauthnAttestation>(2, {
    attestationObject: blob(LIMITS.evidenceBytes, 1),
    clientData: blob(2_048, 1),
  }),
  3: member<AndroidKeyAttestation>(3, { statement: later }),
  4: member<AppAttestation>(4, { statement: later }),
});

export const introduction: Codec<Introduction> = tagged<Introduction>(ATTESTATION.tpm, {
  attestationKey: publicArea,
  chain: list(blob(LIMITS.chainCertificateBytes, 1), LIMITS.chainCertificates),
});

export const credential: Codec<Credential> = tagged<Credential>(ATTESTATION.tpm, {
  object: blob(LIMITS.tpmStructureBytes, 1),
  secret: blob(LIMITS.tpmStructureBytes, 1),
});

/** Writes evidence, as an enrolment carries it. */
export function encodeAttestation(value: Attestation): Bytes {
  return encodeCbor(attestation.encode(value));
}

/** Reads evidence strictly. Rejects with the decoding codes. */
export function decodeAttestation(evidence: Bytes): Attestation {
  return attestation.decode(decodeCbor(evidence, LIMITS.evidenceBytes), 'evidence');
}

/**
 * What evidence is about: SHA-256 over everything else that the enrolment says, so that it serves no other
 * key, image, environment or challenge (TS-ATT-1).
 */
export function enrolmentBinding(enrolment: Omit<Enrolment, 'evidence'>): Bytes {
  const { alg, key, measurement, environment, challenge } = enrolment;
  return sha256(encodeCbor([alg, key, measurement, environment, challenge]));
}
