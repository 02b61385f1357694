import {
  type Adopt,
  adopt,
  receipt,
  type Receipt,
  type Renewal,
  renewal,
  type Restore,
  restore,
  type Void,
  voidRecord,
} from '@tallystick/protocol';
import { signatureChecks } from '../checks.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showAlgorithm,
  showCount,
  showHex,
} from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';
import { LIST_VERSION, PAYMENT_ID, PLACE, timeText } from './place.ts';

/** Records of a log other than payments and statements. */

const RECEIPT: FieldTexts<Receipt> = {
  ...PLACE,
  paymentId: PAYMENT_ID,
  listVersion: LIST_VERSION,
};
const VOID: FieldTexts<Void> = { ...PLACE, paymentId: PAYMENT_ID };
const RESTORE: FieldTexts<Restore> = { ...PLACE, paymentId: PAYMENT_ID };
const ADOPT: FieldTexts<Adopt> = {
  ...PLACE,
  policyVersion: field(showCount, 'version of the risk policy now in force', 'TS-POL-4'),
  listVersion: field(showCount, 'version of the status list now in force', 'TS-POL-4'),
  floor: timeText('highest issuer-signed time the purse has seen', 'TS-TIM-2'),
};
const RENEWAL: FieldTexts<Renewal> = {
  ...PLACE,
  alg: field(showAlgorithm, 'algorithm of the new key', 'TS-LOG-5'),
  key: field(showHex, 'the new public key; numbering goes on under it', 'TS-LOG-5'),
};

export const explainReceipt: Explainer = explainer<Receipt>({
  kind: 'receipt',
  says: "the payee's acceptance; the money is the payee's",
  clause: 'TS-RCP-1',
  codec: receipt,
  fields: (message, currency) => explainFields(RECEIPT, message, currency),
  checks: ({ signed, material }) => signatureChecks(signed, material),
});

export const explainVoid: Explainer = explainer<Void>({
  kind: 'void',
  says: "the payee's promise never to accept a payment",
  clause: 'TS-VOI-1',
  codec: voidRecord,
  fields: (message, currency) => explainFields(VOID, message, currency),
  checks: ({ signed, material }) => signatureChecks(signed, material),
});

export const explainRestore: Explainer = explainer<Restore>({
  kind: 'restore',
  says: 'the payer takes a voided or closed payment back',
  clause: 'TS-VOI-3',
  codec: restore,
  fields: (message, currency) => explainFields(RESTORE, message, currency),
  checks: ({ signed, material }) => signatureChecks(signed, material),
});

export const explainAdopt: Explainer = explainer<Adopt>({
  kind: 'adopt',
  says: 'newer issuer data took effect',
  clause: 'TS-POL-4',
  codec: adopt,
  fields: (message, currency) => explainFields(ADOPT, message, currency),
  checks: ({ signed, material }) => signatureChecks(signed, material),
});

export const explainRenewal: Explainer = explainer<Renewal>({
  kind: 'renewal',
  says: 'the old key names its successor',
  clause: 'TS-LOG-5',
  codec: renewal,
  fields: (message, currency) => explainFields(RENEWAL, message, currency),
  checks: ({ signed, material }) => signatureChecks(signed, material),
});
