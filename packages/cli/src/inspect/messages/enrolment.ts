import {
  checkEnrolment,
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
  showEvidence,
  showHex,
  showText,
} from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';

const TEXTS: FieldTexts<Enrolment> = {
  alg: field(showAlgorithm, 'algorithm of the new key', 'TS-ENR-1'),
  key: field(showHex, 'the public key that asks for a certificate', 'TS-ENR-1'),
  measurement: field(showHex, "hash of the trusted application's image", 'TS-ENR-1'),
  environment: field(showText, 'where the trusted application runs', 'TS-ENR-1'),
  evidence: field(showEvidence, "the environment's attestation", 'TS-ENR-1'),
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

/** A new key has nobody to vouch for it yet. */
function ownKeyCheck(signed: Signed): Check {
  return check('signature of the very key it names', () =>
    verify(checkEnrolment(encodeSigned(signed))),
  );
}
