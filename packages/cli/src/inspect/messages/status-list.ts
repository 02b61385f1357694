import {
  decodeStatusList,
  encodeSigned,
  OPERATOR,
  type Signed,
  type StatusList,
} from '@tallystick/protocol';
import { issuerChecks } from '../checks.ts';
import type { Explained } from '../explained.ts';
import { explainFields, field, type FieldTexts, showCount, showText } from '../fields.ts';
import type { Material } from '../material.ts';
import { headerFields, signatureFields } from '../signed.ts';
import { timeText } from './place.ts';

const TEXTS: FieldTexts<StatusList> = {
  uri: field(showText, 'where the list is published', 'TS-LST-1'),
  issuedAt: timeText('issuer time of the list; raises the floor', 'TS-LST-1'),
  version: field(showCount, 'grows; an older list is refused', 'TS-POL-3'),
  revoked: field(
    (value) => (value.length === 0 ? 'none' : value.join(', ')),
    'status indices of revoked certificates',
    'TS-LST-1',
  ),
};

/** A status list: a Token Status List in CWT form. */
export function explainStatusList(signed: Signed, material: Material): Explained {
  return {
    kind: 'status list',
    says: 'which certificates are revoked',
    clause: 'TS-LST-1',
    bytes: encodeSigned(signed).length,
    fields: [
      ...headerFields(signed, material),
      ...explainFields(TEXTS, decodeStatusList(signed.payload), null),
      ...signatureFields(signed),
    ],
    checks: issuerChecks(signed, material, OPERATOR),
    parts: [],
  };
}
