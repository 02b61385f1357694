import { concat, sha256, toHex } from '../../bytes.ts';
import { type Cbor, encodeCbor } from '../../cbor.ts';
import { encodePaymentEvidence } from '../../evidence.ts';
import { GENESIS } from '../../log.ts';
import { renewal, statement, voidRecord } from '../../records.ts';
import { requestDigest } from '../../request.ts';
import { evidenceWire, paymentEntry, receiptEntry } from '../carriers.ts';
import { alice, bob, type Party } from '../cast.ts';
import type { Check, Vector, VectorFile } from '../file.ts';
import {
  adoptSample,
  filler,
  messageOf,
  paymentSample,
  receiptSample,
  renewalSample,
  requestSample,
  restoreSample,
  statementFields,
  statementSample,
  voidSample,
} from '../samples.ts';
import { invalid, valid } from '../vector.ts';
import { partsOf, resigned, type Spoilable, spoiledFields } from './payload.ts';

const under = (by: Party): Check => ({ under: 'certificate', certificate: toHex(by.wire) });

const spoilable: readonly Spoilable[] = [
  {
    of: 'receipt',
    clause: 'TS-RCP-1',
    record: receiptSample.record,
    signer: bob.signer,
    fields: ['seq', 'head', 'paymentId', 'listVersion'],
  },
  {
    of: 'void',
    clause: 'TS-VOI-1',
    record: voidSample.record,
    signer: bob.signer,
    fields: ['seq', 'head', 'paymentId'],
  },
  {
    of: 'restore',
    clause: 'TS-VOI-3',
    record: restoreSample.record,
    signer: alice.signer,
    fields: ['seq', 'head', 'paymentId'],
  },
  {
    of: 'adopt',
    clause: 'TS-POL-4',
    record: adoptSample.record,
    signer: alice.signer,
    fields: ['seq', 'head', 'policyVersion', 'listVersion', 'floor'],
  },
  {
    of: 'renewal',
    clause: 'TS-LOG-5',
    record: renewalSample.record,
    signer: alice.signer,
    fields: ['seq', 'head', 'alg', 'key'],
    codes: { alg: 'UNKNOWN_ALGORITHM' },
  },
  {
    of: 'statement',
    clause: 'TS-SYN-1',
    record: statementSample.record,
    signer: alice.signer,
    fields: [
      'seq',
      'head',
      'floor',
      'balance',
      'policyVersion',
      'listVersion',
      'epoch',
      'condition',
    ],
  },
];
const statements = spoilable[5] as Spoilable;

export const answers: VectorFile = {
  chapter: '07-receipts-voids-restores',
  about: 'What Bob answers, what Alice takes back, and the other records of a log.',
  vectors: [
    valid('a receipt', 'TS-RCP-1', 'receipt', receiptSample.wire, { check: under(bob) }),
    valid('a void', 'TS-VOI-1', 'void', voidSample.wire, { check: under(bob) }),
    valid('a restore', 'TS-VOI-3', 'restore', restoreSample.wire, { check: under(alice) }),
    valid('an adoption', 'TS-POL-4', 'adopt', adoptSample.wire, { check: under(alice) }),
    valid('a renewal to Ed25519', 'TS-LOG-5', 'renewal', renewalSample.wire, {
      check: under(alice),
    }),
    valid('a statement', 'TS-SYN-1', 'statement', statementSample.wire, { check: under(alice) }),
    valid(
      'a statement of an empty purse',
      'TS-SYN-1',
      'statement',
      messageOf(statement, { ...statementFields, balance: 0n }, alice).wire,
      { check: under(alice) },
    ),
    ...spoilable.flatMap(spoiledFields),
    invalid(
      'a statement with less than nothing',
      'TS-AMT-2',
      'statement',
      resigned(statements, partsOf(statements).with(4, -1)),
      'BAD_AMOUNT',
    ),
    invalid(
      'a statement with too much',
      'TS-AMT-3',
      'statement',
      resigned(statements, partsOf(statements).with(4, 2n ** 53n)),
      'AMOUNT_OVERFLOW',
    ),
    invalid(
      'a statement in condition 4',
      'TS-SYN-1',
      'statement',
      resigned(statements, partsOf(statements).with(8, 4)),
      'BAD_FIELD',
    ),
    invalid(
      'a renewal to a key of 31 bytes',
      'TS-LOG-5',
      'renewal',
      messageOf(renewal, { ...renewalSample.fields, key: filler(31, 1) }, alice).wire,
      'BAD_FIELD',
    ),
    invalid('a void in place of a receipt', 'TS-ENC-5', 'receipt', voidSample.wire, 'WRONG_KIND'),
    invalid('a receipt in place of a void', 'TS-ENC-5', 'void', receiptSample.wire, 'WRONG_KIND'),
    invalid(
      'a receipt of somebody else',
      'TS-CRT-4',
      'receipt',
      receiptSample.wire,
      'UNKNOWN_CERTIFICATE',
      { check: under(alice) },
    ),
    invalid(
      'a void signed by the payer',
      'TS-SIG-3',
      'void',
      messageOf(voidRecord, voidSample.fields, { ...bob, signer: alice.signer }).wire,
      'BAD_SIGNATURE',
      { check: under(bob) },
    ),
  ],
};

const parts: readonly Cbor[] = [
  encodeCbor(
    new Map<number, number | Uint8Array>([
      [1, receiptSample.record.alg],
      [4, receiptSample.record.kid],
    ]),
  ),
  new Uint8Array(0),
  receiptSample.record.payload,
  filler(16, 1),
  null,
];

/** A step of the chain, computed by the hash alone. */
function step(name: string, head: Uint8Array): Vector {
  const input = concat(head, filler(16, 1), adoptSample.id);
  const fields = { head: toHex(sha256(input)) };
  return { name, clause: 'TS-LOG-3', of: 'chain-step', input: toHex(input), expect: { fields } };
}

export const logs: VectorFile = {
  chapter: '08-log',
  about: 'Log entries as they are uploaded, and the chain of heads over them.',
  vectors: [
    valid('an entry of a payment', 'TS-LOG-2', 'entry', paymentEntry),
    valid('an entry of a receipt, with the payment it answers', 'TS-LOG-4', 'entry', receiptEntry),
    valid('the evidence of a receipt', 'TS-LOG-4', 'evidence', evidenceWire),
    step('the first step', GENESIS),
    step('a later step', filler(32, 2)),
    ...['header', 'external', 'payload', 'salt', 'evidence'].map((field, index) =>
      invalid(
        `an entry that ends before ${field}`,
        'TS-LOG-2',
        'entry',
        encodeCbor(parts.slice(0, index)),
        'MISSING_FIELD',
      ),
    ),
    ...['header', 'external', 'payload', 'salt', 'evidence'].map((field, index) =>
      invalid(
        `an entry with a number as ${field}`,
        'TS-LOG-2',
        'entry',
        encodeCbor(parts.with(index, 7)),
        'BAD_FIELD',
      ),
    ),
    invalid(
      'an entry with a part more',
      'TS-LOG-2',
      'entry',
      encodeCbor([...parts, null]),
      'BAD_FIELD',
    ),
    invalid(
      'an entry with a long header',
      'TS-LOG-2',
      'entry',
      encodeCbor(parts.with(0, filler(65, 1))),
      'BAD_FIELD',
    ),
    invalid(
      'an entry with long external data',
      'TS-LOG-2',
      'entry',
      encodeCbor(parts.with(1, filler(33, 1))),
      'BAD_FIELD',
    ),
    invalid(
      'an entry with a short salt',
      'TS-LOG-2',
      'entry',
      encodeCbor(parts.with(3, filler(15, 1))),
      'BAD_FIELD',
    ),
    invalid(
      'an entry with a header of nothing',
      'TS-SIG-1',
      'entry',
      encodeCbor(parts.with(0, new Uint8Array(0))),
      'MALFORMED',
    ),
    invalid(
      'an entry of an unknown algorithm',
      'TS-ALG-1',
      'entry',
      encodeCbor(
        parts.with(
          0,
          encodeCbor(
            new Map<number, number | Uint8Array>([
              [1, -8],
              [4, filler(8, 1)],
            ]),
          ),
        ),
      ),
      'UNKNOWN_ALGORITHM',
    ),
    invalid(
      'evidence without its request',
      'TS-LOG-4',
      'evidence',
      encodeCbor([paymentSample.wire]),
      'MISSING_FIELD',
    ),
    invalid(
      'evidence with a short digest',
      'TS-LOG-4',
      'evidence',
      encodePaymentEvidence({
        payment: paymentSample.wire,
        requestDigest: requestDigest(requestSample.wire).slice(1),
      }),
      'BAD_FIELD',
    ),
  ],
};
