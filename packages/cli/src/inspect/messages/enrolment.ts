import {
  attempt,
  type Attestation,
  type Bytes,
  checkEnrolment,
  decodeAttestation,
  encodeSigned,
  type Enrolment,
  enrolment,
  type Signed,
} from '@tallystick/protocol';
import { check, verify } from '../checks.ts';
import type { Check } from '../explained.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showAlgorithm,
  showHex,
  showText,
} from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';

const TEXTS: FieldTexts<Enrolment> = {
  alg: field(showAlgorithm, 'algorithm of the new key', 'TS-ENR-1'),
  key: field(showHex, 'the public key that asks for a certificate', 'TS-ENR-1'),
  measurement: field(showHex, "hash of the trusted application's image", 'TS-ENR-1'),
  environment: field(showText, 'where the trusted application runs', 'TS-ENR-1'),
  evidence: field(showAttestation, "the environment's attestation", 'TS-ATT-2'),
  challenge: field(showHex, 'what the backend asked to be signed', 'TS-ENR-1'),
};

export const explainEnrolment: Explainer = explainer<Enrolment>({
  kind: 'enrolment',
  says: 'a new key asks for a certificate',
  clause: 'TS-ENR-1',
  codec: enrolment,
  fields: (message, currency) => explainFields(TEXTS, message, currency),
  checks: ({ signed }) => [ownKeyCheck(signed)],
});

function showAttestation(evidence: Bytes): string {
  if (evidence.length === 0) return 'none';
  const read = attempt(() => decodeAttestation(evidence));
  const says = read.ok ? showVoucher(read.value) : `does not read: ${read.error.code}`;
  return `${evidence.length} bytes: ${says}`;
}

/** Who vouches for what, by the evidence's own word: only a backend can judge it. */
function showVoucher(attestation: Attestation): string {
  switch (attestation.kind) {
    case 1:
      return `a TPM for the key and the boot${attestation.counter === null ? '' : ', and for a counter'}`;
    case 2:
      return 'a WebAuthn authenticator that was there';
    case 3:
      return 'Android Keystore; there is no verifier yet';
    case 4:
      return 'Apple App Attest; there is no verifier yet';
  }
}

/** A new key has nobody to vouch for it yet. */
function ownKeyCheck(signed: Signed): Check {
  return check('signature of the very key it names', () =>
    verify(checkEnrolment(encodeSigned(signed))),
  );
}
