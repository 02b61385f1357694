import { request, type Request } from '@tallystick/protocol';
import { signatureChecks } from '../checks.ts';
import {
  explainFields,
  field,
  type FieldTexts,
  showCurrency,
  showFlag,
  showHex,
  showMoney,
  showTime,
} from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';

const TEXTS: FieldTexts<Request> = {
  currency: field(showCurrency, 'currency of the amount, ISO 4217', 'TS-AMT-4'),
  amount: field(
    (value, { currency }) => (value === null ? 'as the payer chooses' : showMoney(value, currency)),
    'what the payee asks for',
    'TS-REQ-1',
  ),
  expires: field(showTime, 'last moment at which the payer may answer it', 'TS-REQ-5'),
  nonce: field(showHex, 'makes every request different', 'TS-REQ-1'),
  tag: field(showHex, "shows the payee's own purse that it made this request", 'TS-REQ-4'),
  isStatic: field(
    showFlag,
    'whether it is the long-lived code of one acceptance point',
    'TS-REQ-1',
  ),
};

export const explainRequest: Explainer = explainer<Request>({
  kind: 'request',
  says: 'a payee asks for money',
  clause: 'TS-REQ-1',
  codec: request,
  fields: (message, currency) => explainFields(TEXTS, message, currency),
  checks: ({ signed, material }) => signatureChecks(signed, material),
});
