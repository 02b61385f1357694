import {
  type LostReport,
  lostReport,
  PARTICIPANT,
  type Refund,
  refund,
  toHex,
} from '@tallystick/protocol';
import { issuerChecks } from '../checks.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showCount,
  showCurrency,
  showHex,
  showMoney,
  showSeconds,
} from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';
import { timeText } from './place.ts';

/** What an issuer decides about a lost purse. */

const SEEN = field<Uint8Array | null, unknown>(
  (value) => (value === null ? 'none' : toHex(value)),
  'last statement of the purse whose complete log the issuer had seen',
  'TS-LOS-1',
);
const PURSE = field<Uint8Array, unknown>(
  showHex,
  "the purse, by its first certificate's reference",
  'TS-LOS-1',
);

const REPORT: FieldTexts<LostReport> = {
  purse: PURSE,
  statement: SEEN,
  time: timeText('issuer time of the decision', 'TS-LOS-1'),
  syncedAt: timeText('last answer to the purse', 'TS-LOS-1'),
  offlineSeconds: field(
    (value) => showSeconds(value),
    'longest after it that the purse pays, or that payees take its payments',
    'TS-LOS-2',
  ),
  expires: timeText('latest hard expiry of its certificates', 'TS-LOS-2'),
  acceptSeconds: field(
    (value) => showSeconds(value),
    'longest that a payment may be accepted after it was made',
    'TS-LOS-2',
  ),
  claimSeconds: field(
    (value) => showSeconds(value),
    'how long payees have to bring an accepted payment in',
    'TS-LOS-2',
  ),
};

const REFUND: FieldTexts<Refund> = {
  purse: PURSE,
  number: field(showCount, 'which refund of this purse it is', 'TS-LOS-4'),
  report: field(showHex, 'id of the report that it follows', 'TS-LOS-4'),
  statement: SEEN,
  payments: field(
    (value) => (value.length === 0 ? 'none' : value.map(toHex).join(', ')),
    'payments and loads whose money it takes back for the purse',
    'TS-LOS-4',
  ),
  currency: field((value) => showCurrency(value), 'ISO 4217 currency', 'TS-LOS-4'),
  amount: field(
    (value, whole) => showMoney(value, whole.currency),
    'what goes back to the account',
    'TS-LOS-4',
  ),
  time: timeText('issuer time of the decision', 'TS-LOS-4'),
};

export const explainLostReport: Explainer = explainer<LostReport>({
  kind: 'lost report',
  says: "the issuer's decision that a purse is lost",
  clause: 'TS-LOS-1',
  codec: lostReport,
  fields: (message, currency) => explainFields(REPORT, message, currency),
  checks: ({ signed, material }) => issuerChecks(signed, material, PARTICIPANT),
});

export const explainRefund: Explainer = explainer<Refund>({
  kind: 'refund',
  says: "the issuer's decision to give a lost purse's money back to its account",
  clause: 'TS-LOS-4',
  codec: refund,
  fields: (message, currency) => explainFields(REFUND, message, currency),
  checks: ({ signed, material }) => issuerChecks(signed, material, PARTICIPANT),
});
