import { OPERATOR, type StatusDelta, statusDelta } from '@tallystick/protocol';
import { issuerChecks } from '../checks.ts';
import { explainFields, field, type FieldTexts, showCount } from '../fields.ts';
import { type Explainer, explainer } from '../signed.ts';
import { timeText } from './place.ts';

const TEXTS: FieldTexts<StatusDelta> = {
  base: field(
    showCount,
    'a list of this version or later becomes one of the next field; an older one only gains',
    'TS-LST-8',
  ),
  version: field(showCount, 'version of the list it leads to', 'TS-LST-6'),
  issuedAt: timeText('issuer time of that list; raises the floor', 'TS-LST-6'),
  revoked: field(
    (value) => (value.length === 0 ? 'none' : value.join(', ')),
    'status indices of revoked certificates',
    'TS-LST-7',
  ),
};

export const explainStatusDelta: Explainer = explainer<StatusDelta>({
  kind: 'status-list delta',
  says: 'which certificates were revoked last',
  clause: 'TS-LST-6',
  codec: statusDelta,
  fields: (message, currency) => explainFields(TEXTS, message, currency),
  checks: ({ signed, material }) => issuerChecks(signed, material, OPERATOR),
});
