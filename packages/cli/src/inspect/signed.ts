import {
  type Codec,
  type Currency,
  decodePayload,
  encodeSigned,
  recordId,
  type Signed,
  toHex,
} from '@tallystick/protocol';
import type { Check, Explained, Field } from './explained.ts';
import { showAlgorithm, showHex } from './fields.ts';
import { currencyOfScheme, type Material } from './material.ts';
import { signerOf } from './checks.ts';

/** A signed message that was read. */
export interface Read<T> {
  readonly signed: Signed;
  readonly message: T;
  readonly material: Material;
}

/** How one kind of signed message is put in words and verified. */
export interface SignedKind<T> {
  readonly kind: string;
  readonly says: string;
  readonly clause: string;
  readonly codec: Codec<T>;
  readonly fields: (message: T, currency: Currency | null) => readonly Field[];
  readonly checks: (read: Read<T>) => readonly Check[];
  /** Whether it signs external data, which does not travel with it. */
  readonly hasExternal?: true;
}

export type Explainer = (signed: Signed, material: Material) => Explained;

/** The explainer of one kind of signed message. Rejects with the decoding codes. */
export function explainer<T>(of: SignedKind<T>): Explainer {
  return (signed, material) => {
    const message = decodePayload(signed.payload, of.codec, of.kind);
    const read: Read<T> = { signed, message, material };
    return {
      kind: of.kind,
      says: of.says,
      clause: of.clause,
      bytes: encodeSigned(signed).length,
      fields: [
        ...headerFields(signed, material),
        ...of.fields(message, currencyOfScheme(material)),
        ...signatureFields(signed, of.hasExternal !== true || signed.external.length > 0),
      ],
      checks: of.checks(read),
      parts: [],
    };
  };
}

/** What the protected header of every signed message says. */
export function headerFields(signed: Signed, material: Material): Field[] {
  const signer = signerOf(signed, material);
  const subject = signer?.subject == null ? '' : ` (${signer.subject})`;
  const fields: Field[] = [
    {
      name: 'alg',
      value: showAlgorithm(signed.alg),
      meaning: 'the algorithm of the signature',
      clause: 'TS-ALG-1',
    },
    {
      name: 'kid',
      value: `${toHex(signed.kid)}${subject}`,
      meaning: 'reference of the certificate (or root, or new key) it is signed under',
      clause: 'TS-CRT-3',
    },
  ];
  if (signed.typ === undefined) return fields;
  const typ = {
    name: 'typ',
    value: signed.typ,
    meaning: 'the kind of message, as its standard demands',
    clause: 'TS-LST-1',
  };
  return [...fields, typ];
}

/** The signature, and the identity that does not depend on it. */
export function signatureFields(signed: Signed, isWhole = true): Field[] {
  return [
    {
      name: 'signature',
      value: showHex(signed.signature),
      meaning: 'over the protected header, the external data and the fields above',
      clause: 'TS-SIG-1',
    },
    {
      name: '(id)',
      value: isWhole ? toHex(recordId(signed)) : 'not known without the signed request',
      meaning: 'identity of the message: SHA-256 of what is signed, never of the signature',
      clause: 'TS-SIG-2',
    },
  ];
}
