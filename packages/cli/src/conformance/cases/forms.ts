import { type Cbor, concat, encodeCbor, encodeFrame, ES256, LIMITS } from '@tallystick/protocol';
import {
  counterpart,
  forgePayment,
  type Made,
  payFrame,
  presentFrame,
} from '../rig/counterpart.ts';
import { type Attempted, forgedFrame, passingOver, refusing } from '../rig/received.ts';
import { withBadSignature, withHeader, withParts, withPayload } from '../rig/spoil.ts';
import { type Case, type Row, topic } from '../case.ts';

type Named = readonly [name: string, title: string, clauses: readonly string[], code: string];

/** A payment of a wrong form, presented by itself so that its form is judged apart from its frame's. */
function presented(
  [name, title, clauses, code]: Named,
  spoil: (payment: Uint8Array) => Uint8Array,
): Row {
  const run = refusing(code, ({ rig, offer }) => {
    const payer = counterpart(rig, 'payer');
    const { payment, id } = forgePayment(payer, offer);
    const spoiled: Made = { payment: spoil(payment), id };
    return presentFrame(spoiled, payer.certificate, offer, false);
  });
  return [name, title, clauses, run];
}

/** A payment that its payer signed, with other fields than a payment has. */
function signed([name, title, clauses, code]: Named, change: (fields: Cbor[]) => Cbor): Row {
  const run = refusing(code, ({ rig, offer }) => {
    const payer = counterpart(rig, 'payer');
    const { payment, id } = forgePayment(payer, offer);
    return payFrame({ payment: withPayload(payment, change), id }, payer.certificate);
  });
  return [name, title, clauses, run];
}

const withField =
  (at: number, value: Cbor) =>
  (fields: Cbor[]): Cbor =>
    fields.map((field, index) => (index === at ? value : field));

const messages: readonly Row[] = [
  presented(['empty', 'no bytes at all', ['TS-ENC-1'], 'MALFORMED'], () => new Uint8Array(0)),
  presented(['cut-short', 'a payment cut short', ['TS-ENC-1'], 'MALFORMED'], (payment) =>
    payment.slice(0, -1),
  ),
  presented(
    ['trailing', 'a payment with a byte behind it', ['TS-ENC-3'], 'TRAILING_BYTES'],
    (payment) => concat(payment, new Uint8Array(1)),
  ),
  presented(
    [
      'long-head',
      'a payment whose head is not in its shortest form',
      ['TS-ENC-2'],
      'NON_CANONICAL',
    ],
    (payment) => concat(Uint8Array.of(0x98, 4), payment.subarray(1)),
  ),
  presented(
    ['indefinite', 'a payment of indefinite length', ['TS-ENC-2'], 'NON_CANONICAL'],
    (payment) => concat(Uint8Array.of(0x9f), payment.subarray(1), Uint8Array.of(0xff)),
  ),
  presented(
    ['tagged', 'a payment under the tag of COSE_Sign1', ['TS-ENC-2', 'TS-SIG-1'], 'NON_CANONICAL'],
    (payment) => concat(Uint8Array.of(0xd2), payment),
  ),
  presented(['text', 'a text in the place of a payment', ['TS-SIG-1'], 'WRONG_KIND'], () =>
    encodeCbor('payment'),
  ),
  presented(
    ['three-parts', 'a payment without a signature', ['TS-SIG-1'], 'MISSING_FIELD'],
    (payment) => withParts(payment, (parts) => parts.slice(0, 3)),
  ),
  presented(['five-parts', 'a payment with a fifth part', ['TS-SIG-1'], 'BAD_FIELD'], (payment) =>
    withParts(payment, (parts) => [...parts, 0]),
  ),
  presented(
    ['unprotected', 'a payment with an unprotected header', ['TS-SIG-1'], 'BAD_FIELD'],
    (payment) =>
      withParts(payment, ([header, , payload, signature]) => [
        header,
        new Map([[1, -7]]),
        payload,
        signature,
      ]),
  ),
  presented(
    ['no-kid', 'a header that names no certificate', ['TS-SIG-1'], 'MISSING_FIELD'],
    (payment) => withHeader(payment, (header) => header.delete(4)),
  ),
  presented(['more-header', 'a header with one entry more', ['TS-SIG-1'], 'BAD_FIELD'], (payment) =>
    withHeader(payment, (header) => header.set(5, new Uint8Array(1))),
  ),
  presented(
    [
      'unknown-algorithm',
      'an algorithm that is not of this scheme',
      ['TS-ALG-1'],
      'UNKNOWN_ALGORITHM',
    ],
    (payment) => withHeader(payment, (header) => header.set(1, -257)),
  ),
  presented(
    ['old-eddsa', 'EdDSA under its old number', ['TS-ALG-1'], 'UNKNOWN_ALGORITHM'],
    (payment) => withHeader(payment, (header) => header.set(1, -8)),
  ),
  presented(
    [
      'algorithm-mismatch',
      'another algorithm than that of the key',
      ['TS-ALG-2'],
      'ALGORITHM_MISMATCH',
    ],
    (payment) => withHeader(payment, (header) => header.set(1, -19)),
  ),
  presented(
    ['short-signature', 'a signature of another length', ['TS-SIG-1'], 'BAD_FIELD'],
    (payment) =>
      withParts(payment, ([header, unprotected, payload]) => [
        header,
        unprotected,
        payload,
        new Uint8Array(63),
      ]),
  ),
];

const fields: readonly Row[] = [
  signed(['kind', 'a payment of another kind', ['TS-ENC-5'], 'WRONG_KIND'], withField(0, 3)),
  signed(['short', 'a payment without its last field', ['TS-ENC-6'], 'MISSING_FIELD'], (all) =>
    all.slice(0, -1),
  ),
  signed(['long', 'a payment with a field too many', ['TS-ENC-6'], 'BAD_FIELD'], (all) => [
    ...all,
    0,
  ]),
  signed(
    ['null', 'a payment with null in the place of a field', ['TS-ENC-6'], 'BAD_FIELD'],
    withField(5, null),
  ),
  signed(
    ['position-0', 'a payment at position 0', ['TS-ENC-6', 'TS-LOG-1'], 'BAD_FIELD'],
    withField(1, 0),
  ),
  signed(
    ['value-kind', 'a value of another kind', ['TS-PAY-2'], 'WRONG_KIND'],
    withField(4, [2, 978, 1_000, 1]),
  ),
  signed(
    ['amount-0', 'an amount of nothing', ['TS-AMT-2'], 'BAD_AMOUNT'],
    withField(4, [1, 978, 0, 1]),
  ),
  signed(
    ['amount-negative', 'a negative amount', ['TS-AMT-2'], 'BAD_AMOUNT'],
    withField(4, [1, 978, -5, 1]),
  ),
  signed(
    ['amount-overflow', 'an amount that no purse may hold', ['TS-AMT-3'], 'AMOUNT_OVERFLOW'],
    withField(4, [1, 978, 2n ** 53n, 1]),
  ),
  signed(
    ['hop-24', 'a hop that cannot be', ['TS-PAY-2', 'TS-ENC-6'], 'BAD_FIELD'],
    withField(4, [1, 978, 1_000, 24]),
  ),
  signed(
    ['time-of-33-bits', 'a time past 32 bits', ['TS-TIM-1', 'TS-ENC-6'], 'BAD_FIELD'],
    withField(5, 2 ** 32),
  ),
  [
    'odd-key',
    'a certificate of a key that is too long for its algorithm',
    ['TS-ALG-3', 'TS-CRT-1'],
    refusing('BAD_FIELD', ({ rig, offer }) => {
      const payer = counterpart(rig, 'payer');
      const key = { alg: ES256, bytes: new Uint8Array(35).fill(2) } as const;
      return payFrame(forgePayment(payer, offer), rig.issuer.other.certify(key));
    }),
  ],
];

/** A frame that does not read, and an honest payment behind it. */
function damaged(
  name: string,
  title: string,
  clauses: readonly string[],
  make: (of: Attempted) => Uint8Array,
): Row {
  return [name, title, ['TS-SES-1', ...clauses], passingOver(make)];
}

function honest({ rig, offer }: Attempted): Uint8Array {
  const payer = counterpart(rig, 'somebody');
  return payFrame(forgePayment(payer, offer), payer.certificate);
}

const frames: readonly Row[] = [
  damaged('frame-empty', 'an empty frame', ['TS-ENC-1'], () => new Uint8Array(0)),
  damaged('frame-noise', 'noise', ['TS-ENC-1'], () => Uint8Array.of(0xff, 0x00, 0x13, 0x37)),
  damaged('frame-cut', 'a payment frame cut short', ['TS-ENC-1'], (of) => honest(of).slice(0, -1)),
  damaged('frame-trailing', 'a payment frame with a byte behind it', ['TS-ENC-3'], (of) =>
    concat(honest(of), new Uint8Array(1)),
  ),
  damaged('frame-long-head', 'a payment frame in another encoding', ['TS-ENC-2'], (of) =>
    concat(Uint8Array.of(0x98, 3), honest(of).subarray(1)),
  ),
  damaged('frame-oversized', 'a frame longer than any frame', ['TS-ENC-4'], () =>
    concat(encodeCbor([7, new Uint8Array(LIMITS.frameBytes)]), new Uint8Array(1)),
  ),
  damaged('frame-claims', 'a frame that claims to be of many gigabytes', ['TS-ENC-1'], () =>
    Uint8Array.of(0x82, 0x07, 0x5b, 0x00, 0x00, 0x00, 0x0f, 0xff, 0xff, 0xff, 0xff),
  ),
  damaged('frame-nested', 'a frame nested too deep', ['TS-ENC-4', 'TS-ENC-1'], () =>
    concat(new Uint8Array(5_000).fill(0x81), Uint8Array.of(0)),
  ),
  damaged('frame-unknown', 'a frame of a kind that does not exist', ['TS-ENC-5'], () =>
    encodeCbor([99, 1, 2]),
  ),
  damaged('frame-settle', 'a frame that has no place here', [], () =>
    encodeFrame({ kind: 3, receipt: new Uint8Array(40) }),
  ),
  damaged('frame-long-message', 'a message longer than any message', ['TS-ENC-4'], ({ offer }) =>
    encodeCbor([
      4,
      new Uint8Array(LIMITS.messageBytes + 1),
      offer.certificate,
      offer.request,
      false,
    ]),
  ),
];

/** What breaks several rules is refused by the one that stands first (chapter 17). */
const precedence: readonly Row[] = [
  presented(
    [
      'header-before-payload',
      'an unknown algorithm, and a field missing',
      ['TS-ERR-2'],
      'UNKNOWN_ALGORITHM',
    ],
    (payment) =>
      withHeader(
        withPayload(payment, (all) => all.slice(0, -1)),
        (header) => header.set(1, -257),
      ),
  ),
  [
    'form-before-signature',
    'a forged signature, and a request with a byte behind it',
    ['TS-ERR-3'],
    refusing('TRAILING_BYTES', ({ rig, offer }) => {
      const payer = counterpart(rig, 'payer');
      const { payment, id } = forgePayment(payer, offer);
      const request = concat(offer.request, new Uint8Array(1));
      const paid = { payment: withBadSignature(payment), id };
      return presentFrame(paid, payer.certificate, { ...offer, request }, false);
    }),
  ],
  [
    'signature-before-payee',
    'a forged signature on a payment to somebody else',
    ['TS-ERR-1', 'TS-ERR-3'],
    refusing('BAD_SIGNATURE', ({ rig, offer }) => {
      const payer = counterpart(rig, 'payer');
      const { payment, id } = forgePayment(payer, offer, { payee: new Uint8Array(8).fill(9) });
      return payFrame({ payment: withBadSignature(payment), id }, payer.certificate);
    }),
  ],
  [
    'content-before-limits',
    'money of another currency that is also over every limit',
    ['TS-ERR-1'],
    refusing(
      'WRONG_CURRENCY',
      (of) => forgedFrame(of, { value: { kind: 1, currency: 840, amount: 90_000n, hop: 9 } }),
      null,
    ),
  ],
];

export const formCases: readonly Case[] = topic(
  'form',
  ['payee'],
  [...messages, ...fields, ...frames, ...precedence],
);
