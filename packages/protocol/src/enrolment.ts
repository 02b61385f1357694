import type { Algorithm, Checking } from './algorithm.ts';
import { publicKey, type PublicKey, toCoseKey } from './algorithm.ts';
import { type Bytes, equal, sha256 } from './bytes.ts';
import { encodeCbor } from './cbor.ts';
import { blob, type Codec, fixed, label, tagged } from './codec.ts';
import { checkSignature, decodeSigned, REF_BYTES } from './cose.ts';
import { LIMITS } from './limits.ts';
import { RECORD } from './record.ts';
import { algorithmField, decodePayload } from './records.ts';
import { demand } from './result.ts';

/** A new key asks for a certificate and proves that it can sign (TS-ENR-1). */
export interface Enrolment {
  readonly alg: Algorithm;
  readonly key: Bytes;
  /** SHA-256 of the trusted application's image. */
  readonly measurement: Bytes;
  /** Name of the environment, such as `plain-process`. */
  readonly environment: string;
  /** The environment's attestation evidence; empty for the plain process. */
  readonly evidence: Bytes;
  /** What the backend asked to be signed, so that an enrolment cannot be replayed. */
  readonly challenge: Bytes;
}

export const enrolment: Codec<Enrolment> = tagged<Enrolment>(RECORD.enrolment, {
  alg: algorithmField,
  key: blob(2_000, 32),
  measurement: fixed(32),
  environment: label(32),
  evidence: blob(LIMITS.evidenceBytes),
  challenge: fixed(32),
});

/** How a key without certificate is named in a header. */
export function keyRef(key: PublicKey): Bytes {
  return sha256(encodeCbor(toCoseKey(key))).slice(0, REF_BYTES);
}

/** An enrolment signed by the very key it names. */
export function* checkEnrolment(bytes: Bytes): Checking<Enrolment> {
  const signed = decodeSigned(bytes);
  const message = decodePayload(signed.payload, enrolment, 'enrolment');
  const key = publicKey(message.alg, message.key);
  demand(
    equal(signed.kid, keyRef(key)),
    'UNKNOWN_CERTIFICATE',
    'kid is not that of the enrolled key',
  );
  yield* checkSignature(signed, key);
  return message;
}
