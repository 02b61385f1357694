import {
  type Bytes,
  decodeFrame,
  decodePayload,
  decodeSigned,
  describeCode,
  type Frame,
  payment,
  witnessesIn,
} from '@tallystick/protocol';
import { explainSigned } from '../explain-signed.ts';
import type { Check, Explained, Field } from '../explained.ts';
import { unchecked } from '../checks.ts';
import { showFlag, showHex } from '../fields.ts';
import { type Material, withCertificates } from '../material.ts';
import { explainCertificate } from '../messages/certificate.ts';
import { explainProof } from './proof.ts';

const KINDS: Readonly<Record<Frame['kind'], readonly [kind: string, says: string]>> = {
  1: ['offer frame', 'a payee asks a payer for money'],
  2: ['payment frame', 'a payer pays'],
  3: ['receipt frame', 'the payee has accepted'],
  4: ['present frame', 'a payer shows a payment again after a torn tap'],
  5: ['void frame', 'the payee will never accept'],
  6: ['list frame', 'a newer status list'],
  7: ['proof frame', 'a proof that somebody cheated'],
  8: ['refusal frame', 'why the other side said no'],
  9: ['delta frame', 'what is newest in a status list'],
  10: ['witness frame', 'where the sender has seen payments, in digests'],
  11: ['ask frame', 'the sender has seen another payment at that place'],
  12: ['exhibit frame', 'the payment that was asked for'],
};

interface Content {
  readonly fields?: readonly Field[];
  readonly checks?: readonly Check[];
  readonly parts?: readonly Explained[];
}

/** What one device sends another. Rejects with the decoding codes. */
export function explainFrame(wire: Bytes, material: Material): Explained {
  const frame = decodeFrame(wire);
  const { fields = [], checks = [], parts = [] } = contentOf(frame, material);
  const kind: Field = {
    name: 'kind',
    value: String(frame.kind),
    meaning: 'which frame of a session this is',
    clause: 'TS-SES-1',
  };
  const [name, says] = KINDS[frame.kind];
  return {
    kind: name,
    says,
    clause: 'TS-SES-1',
    bytes: wire.length,
    fields: [kind, ...fields],
    checks,
    parts,
  };
}

function contentOf(frame: Frame, material: Material): Content {
  switch (frame.kind) {
    case 1:
      return {
        fields: [listVersionField(frame.listVersion)],
        parts: [
          explainSigned(frame.request, withCertificates(material, [frame.certificate])),
          explainCertificate(frame.certificate, material),
        ],
      };
    case 2:
      return { parts: paymentParts(frame.payment, frame.certificate, material) };
    case 3:
      return { parts: [explainSigned(frame.receipt, material)] };
    case 4:
      return {
        fields: [voidItField(frame.voidIt)],
        parts: [
          ...paymentParts(frame.payment, frame.certificate, {
            ...material,
            request: frame.request,
          }),
          explainSigned(frame.request, material),
        ],
      };
    case 5:
      return { parts: [explainSigned(frame.void, material)] };
    case 6:
      return {
        parts: [
          explainSigned(frame.list, withCertificates(material, [frame.certificate])),
          explainCertificate(frame.certificate, material),
        ],
      };
    case 7:
      return { parts: [explainProof(frame.proof, material)] };
    case 8:
      return refusal(frame.code, frame.listVersion);
    case 10:
      return {
        fields: [
          bytesField('nonce', frame.nonce, "the sender's part of the salt", 'TS-WIT-2'),
          setField(frame.set),
        ],
      };
    case 11:
      return { fields: [bytesField('place', frame.place, 'a place in a log', 'TS-WIT-3')] };
    case 12: {
      const { external, record } = frame.exhibit;
      return {
        fields: [bytesField('external', external, 'digest of the request it pays', 'TS-PAY-5')],
        parts: [explainSigned(record, material, external)],
      };
    }
    case 9: {
      const { delta, certificate } = frame;
      if (certificate === null) return { parts: [explainSigned(delta, material)] };
      return {
        parts: [
          explainSigned(delta, withCertificates(material, [certificate])),
          explainCertificate(certificate, material),
        ],
      };
    }
  }
}

/** The payer's certificate must have been in force when the payer could still pay. */
function paymentParts(wire: Bytes, certificate: Bytes | null, material: Material): Explained[] {
  if (certificate === null) return [explainSigned(wire, material)];
  const { syncedAt } = decodePayload(decodeSigned(wire).payload, payment, 'payment');
  return [
    explainSigned(wire, withCertificates(material, [certificate])),
    explainCertificate(certificate, material, syncedAt),
  ];
}

function refusal(code: string, listVersion: number): Content {
  const says = describeCode(code)?.says ?? 'not a code of this protocol';
  const codeField: Field = { name: 'code', value: code, meaning: says, clause: 'TS-ERR-1' };
  return {
    fields: [codeField, listVersionField(listVersion)],
    checks: [unchecked('signature', 'a refusal has none: it is advice, and holds nobody to it')],
  };
}

function listVersionField(version: number): Field {
  return {
    name: 'listVersion',
    value: String(version),
    meaning: "version of the sender's status list: the other side may have a newer one",
    clause: 'TS-SES-1',
  };
}

function bytesField(name: string, value: Bytes, meaning: string, clause: string): Field {
  return { name, value: showHex(value), meaning, clause };
}

function setField(set: Bytes): Field {
  const count = witnessesIn(set).length;
  const meaning =
    count === 0 ? 'an opening: nothing is told yet' : 'digests of places and contents, ascending';
  return { name: 'set', value: `${count} witnesses`, meaning, clause: 'TS-WIT-3' };
}

function voidItField(voidIt: boolean): Field {
  return {
    name: 'voidIt',
    value: showFlag(voidIt),
    meaning: 'whether to void the payment unless it was accepted already',
    clause: 'TS-VOI-2',
  };
}
