import {
  type Answer,
  answer,
  type Closure,
  closure,
  CONDITION,
  PARTICIPANT,
  type Statement,
  statement,
  toHex,
} from '@tallystick/protocol';
import { issuerChecks, signatureChecks } from '../checks.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showCount,
  showHex,
  showSchemeMoney,
} from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';
import { LIST_VERSION, PAYMENT_ID, PLACE, timeText } from './place.ts';

/** What a purse and its issuer say to each other at a sync. */

const CONDITION_NAMES = new Map<number, string>(
  Object.entries(CONDITION).map(([name, value]) => [value, name]),
);

const STATEMENT: FieldTexts<Statement> = {
  ...PLACE,
  floor: timeText('highest issuer-signed time the purse has seen', 'TS-TIM-2'),
  balance: field(showSchemeMoney, 'what the purse holds', 'TS-SYN-1'),
  policyVersion: field(showCount, 'version of its risk policy', 'TS-POL-3'),
  listVersion: LIST_VERSION,
  epoch: field(
    showCount,
    'number of the last answer it imported; an old one shows a rolled-back purse',
    'TS-SYN-6',
  ),
  condition: field(
    (value) => `${CONDITION_NAMES.get(value)} (${value})`,
    'whether the purse is locked, and why',
    'TS-PUR-6',
  ),
};

const ANSWER: FieldTexts<Answer> = {
  statementId: field(showHex, 'id of the statement it answers', 'TS-SYN-4'),
  ackedTo: field(
    showCount,
    'log entries up to this position are stored for good; the purse may forget them',
    'TS-SYN-3',
  ),
  epoch: field(showCount, 'grows with every answer to this purse', 'TS-SYN-6'),
  time: timeText('issuer time; raises the floor and restarts the offline window', 'TS-SYN-3'),
  settled: field(
    (value) => (value.length === 0 ? 'none' : value.map(toHex).join(', ')),
    'open payments of the purse whose acceptance the backend knows',
    'TS-SYN-3',
  ),
};

const CLOSURE: FieldTexts<Closure> = {
  paymentId: PAYMENT_ID,
  statementId: field(
    showHex,
    "the payee's statement that shows the payment was not accepted in time",
    'TS-SYN-7',
  ),
  time: timeText('issuer time of the decision', 'TS-SYN-7'),
};

export const explainStatement: Explainer = explainer<Statement>({
  kind: 'statement',
  says: "a purse's word on its complete log",
  clause: 'TS-SYN-1',
  codec: statement,
  fields: (message, currency) => explainFields(STATEMENT, message, currency),
  checks: ({ signed, material }) => signatureChecks(signed, material),
});

export const explainAnswer: Explainer = explainer<Answer>({
  kind: 'answer',
  says: "the issuer's reply to a statement",
  clause: 'TS-SYN-3',
  codec: answer,
  fields: (message, currency) => explainFields(ANSWER, message, currency),
  checks: ({ signed, material }) => issuerChecks(signed, material, PARTICIPANT),
});

export const explainClosure: Explainer = explainer<Closure>({
  kind: 'closure',
  says: "the issuer's decision that a payment can no longer be accepted",
  clause: 'TS-SYN-7',
  codec: closure,
  fields: (message, currency) => explainFields(CLOSURE, message, currency),
  checks: ({ signed, material }) => issuerChecks(signed, material, PARTICIPANT),
});
