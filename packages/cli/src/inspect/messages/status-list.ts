import {
  decodeStatusList,
  encodeSigned,
  OPERATOR,
  type Signed,
  type StatusList,
  statusIndices,
} from '@tallystick/protocol';
import { issuerChecks } from '../checks.ts';
import type { Explained } from '../explained.ts';
import { explainFields, field, type FieldTexts, showCount, showText } from '../fields.ts';
import type { Material } from '../material.ts';
import { headerFields, signatureFields } from '../signed.ts';
import { timeText } from './place.ts';

/** What a list says; who is revoked is null where its signature was not verified. */
interface Read extends Omit<StatusList, 'bits'> {
  readonly revoked: readonly number[] | null;
}

const TEXTS: FieldTexts<Read> = {
  uri: field(showText, 'where the list is published', 'TS-LST-1'),
  issuedAt: timeText('issuer time of the list; raises the floor', 'TS-LST-1'),
  version: field(showCount, 'grows; an older list is refused', 'TS-POL-3'),
  revoked: field(
    (value) => {
      if (value === null) return 'not listed: the signature was not verified';
      return value.length === 0 ? 'none' : value.join(', ');
    },
    'status indices of revoked certificates',
    'TS-LST-1',
  ),
};

/**
 * A status list: a Token Status List in CWT form. Who is revoked is listed only where the signature
 * holds: anybody can name eight million in a thousand bytes.
 */
export function explainStatusList(signed: Signed, material: Material): Explained {
  const checks = issuerChecks(signed, material, OPERATOR);
  const isVerified = checks.every(({ outcome }) => outcome === 'passed');
  const { bits, ...claims } = decodeStatusList(signed.payload);
  const read: Read = { ...claims, revoked: isVerified ? statusIndices(bits) : null };
  return {
    kind: 'status list',
    says: 'which certificates are revoked',
    clause: 'TS-LST-1',
    bytes: encodeSigned(signed).length,
    fields: [
      ...headerFields(signed, material),
      ...explainFields(TEXTS, read, null),
      ...signatureFields(signed),
    ],
    checks,
    parts: [],
  };
}
