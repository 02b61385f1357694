import {
  type Bytes,
  type Cbor,
  concat,
  decodeCbor,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  fromHex,
  LIMITS,
  toHex,
} from '@tallystick/protocol';
import type { Attack } from '../attack.ts';
import { presenting, type Tap, tap } from './tap.ts';
import { type Try, tryEach } from './tries.ts';

/** Order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that verifies over the same content: (r, n - s). */
function twinOf(payment: Bytes): Bytes {
  const [header, unprotected, payload, signature] = decodeCbor(payment) as [
    Cbor,
    Cbor,
    Cbor,
    Bytes,
  ];
  const s = BigInt(`0x${toHex(signature.slice(32))}`);
  const high = fromHex((ORDER - s).toString(16).padStart(64, '0'));
  if (high === null) throw new TypeError('no hex');
  return encodeCbor([header, unprotected, payload, concat(signature.slice(0, 32), high)]);
}

export const SIGNATURE_MALLEABILITY: Attack = {
  name: 'signature malleability',
  group: 'exchange',
  attacker: 'network',
  reference: 'Decker and Wattenhofer, Bitcoin Transaction Malleability and MtGox (ESORICS 2014)',
  aim: 'Have one payment counted twice, under the other signature that holds for it.',
  run: async (arena) => {
    const payer = await arena.bystander({ amount: 100n });
    const payee = await arena.purse();
    const first = await tap(payer, payee, 10n);
    await payee.get(presenting(first), 6);
    const second = await tap(payer, payee, 10n);
    const twin = (of: Tap): Try['command'] => presenting({ ...of, payment: twinOf(of.payment) });
    return tryEach(
      [
        {
          purse: payee,
          what: 'showed the high-S twin of an accepted payment',
          command: twin(first),
        },
        { purse: payee, what: 'and of one not yet accepted', command: twin(second) },
      ],
      [{ purse: payee, what: 'that one as it was made was taken', command: presenting(second) }],
    );
  },
};

/** Other byte strings for the very same items. */
function spellings(payment: Bytes): readonly (readonly [what: string, bytes: Bytes])[] {
  const { payload, ...signed } = decodeSigned(payment);
  const [kind = 0, ...rest] = payload.slice(1);
  const longNumber = Uint8Array.of(payload[0] ?? 0, 0x18, kind, ...rest);
  return [
    [
      'wrote the array of a payment with a longer head',
      concat(Uint8Array.of(0x98, 4), payment.slice(1)),
    ],
    ['without its length', concat(Uint8Array.of(0x9f), payment.slice(1), Uint8Array.of(0xff))],
    ['with its kind in two bytes', encodeSigned({ ...signed, payload: longNumber })],
    ['with a byte after its end', concat(payment, Uint8Array.of(0))],
  ];
}

export const NON_CANONICAL_ENCODING: Attack = {
  name: 'non-canonical encoding',
  group: 'exchange',
  attacker: 'network',
  reference: 'RFC 8949, 4.2',
  aim: 'Show one payment in other bytes, so that it counts as another or two readers differ about it.',
  run: async (arena) => {
    const payee = await arena.purse();
    const paid = await tap(await arena.bystander({ amount: 100n }), payee, 10n);
    return showEach(paid, spellings(paid.payment));
  },
};

export const OVERSIZED_MESSAGE: Attack = {
  name: 'oversized message',
  group: 'exchange',
  attacker: 'network',
  reference: 'RFC 8949, 10 (lengths that exhaust the memory of a decoder)',
  aim: 'Stop a payee, or have it lose what it knows, with messages longer or deeper than it has room for.',
  run: async (arena) => {
    const payee = await arena.purse();
    const paid = await tap(await arena.bystander({ amount: 100n }), payee, 10n);
    const signed = decodeSigned(paid.payment);
    const padding = new Uint8Array(LIMITS.messageBytes);
    const deep = new Uint8Array(LIMITS.messageBytes).fill(0x81);
    const claim = Uint8Array.of(0x84, 0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    return showEach(paid, [
      ['padded a payment', encodeSigned({ ...signed, payload: concat(signed.payload, padding) })],
      ['sent as many arrays in one another as a message has bytes', deep],
      ['claimed 2^63 bytes and sent ten', claim],
      ['sent four times a frame', new Uint8Array(4 * LIMITS.frameBytes)],
    ]);
  },
};

function showEach(
  paid: Tap,
  ways: readonly (readonly [what: string, payment: Bytes])[],
): ReturnType<typeof tryEach> {
  const purse = paid.payee;
  return tryEach(
    ways.map(([what, payment]) => ({ purse, what, command: presenting({ ...paid, payment }) })),
    [{ purse, what: 'the payment as it was made was taken', command: presenting(paid) }],
  );
}
