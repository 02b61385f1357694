import { ED25519, ES256, ML_DSA_44 } from '../../algorithm.ts';
import { concat, fromHex, toHex } from '../../bytes.ts';
import { type Cbor, encodeCbor } from '../../cbor.ts';
import { decodeSigned } from '../../cose.ts';
import type { ErrorCode } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { alice } from '../cast.ts';
import type { Check, Vector, VectorFile } from '../file.ts';
import { filler, paymentSample } from '../samples.ts';
import { invalid, valid } from '../vector.ts';
import { edwards } from './edwards.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const { wire, record } = paymentSample;
const { external, payload, kid } = record;
const { signature } = decodeSigned(wire, external);
const r = signature.subarray(0, 32);
const s = signature.subarray(32);
const check: Check = { under: 'certificate', certificate: toHex(alice.wire) };

function scalar(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0')) ?? new Uint8Array(0);
}
function headerOf(...entries: readonly (readonly [number, Cbor])[]): Uint8Array {
  return encodeCbor(new Map(entries));
}
const header = headerOf([1, ES256], [4, kid]);

/** The payment's envelope with other parts, as a vector that is refused. */
function broken(name: string, clause: string, code: ErrorCode, parts: readonly Cbor[]): Vector {
  return invalid(name, clause, 'payment', encodeCbor(parts), code, { external });
}
function withHeader(name: string, code: ErrorCode, bytes: Cbor): Vector {
  return broken(name, 'TS-SIG-1', code, [bytes, new Map(), payload, signature]);
}
function withSignature(name: string, clause: string, code: ErrorCode, bytes: Uint8Array): Vector {
  const envelope = encodeCbor([header, new Map(), payload, bytes]);
  return invalid(name, clause, 'payment', envelope, code, { external, check });
}

export const signatures: VectorFile = {
  chapter: '04-signatures',
  about: 'The envelope of a signed message, and its signature: a payment of Alice.',
  vectors: [
    valid('a payment', 'TS-SIG-1', 'payment', wire, { external, check }),
    invalid(
      'a map in place of the envelope',
      'TS-SIG-1',
      'payment',
      encodeCbor(new Map()),
      'WRONG_KIND',
      { external },
    ),
    invalid(
      'an envelope under tag 18',
      'TS-ENC-2',
      'payment',
      concat(Uint8Array.of(0xd2), wire),
      'NON_CANONICAL',
      { external },
    ),
    invalid('an envelope cut short', 'TS-ENC-1', 'payment', wire.slice(0, -1), 'MALFORMED', {
      external,
    }),
    invalid(
      'an envelope with a byte more',
      'TS-ENC-3',
      'payment',
      concat(wire, Uint8Array.of(0)),
      'TRAILING_BYTES',
      { external },
    ),
    invalid('an envelope that is too long', 'TS-ENC-4', 'payment', wire, 'OVERSIZED', {
      external,
      zeros: LIMITS.messageBytes,
    }),
    invalid(
      'an envelope in a longer form',
      'TS-ENC-2',
      'payment',
      concat(Uint8Array.of(0x98, 0x04), wire.subarray(1)),
      'NON_CANONICAL',
      { external },
    ),
    broken('an envelope of nothing', 'TS-SIG-1', 'MISSING_FIELD', []),
    broken('an envelope of three parts', 'TS-SIG-1', 'MISSING_FIELD', [header, new Map(), payload]),
    broken('an envelope of five parts', 'TS-SIG-1', 'BAD_FIELD', [
      header,
      new Map(),
      payload,
      signature,
      0,
    ]),
    broken('an unprotected header', 'TS-SIG-1', 'BAD_FIELD', [
      header,
      new Map([[4, kid]]),
      payload,
      signature,
    ]),
    broken('a detached payload', 'TS-SIG-1', 'BAD_FIELD', [header, new Map(), null, signature]),
    broken('several signatures', 'TS-SIG-1', 'BAD_FIELD', [
      header,
      new Map(),
      payload,
      [signature],
    ]),
    withHeader('a header that is no bytes', 'BAD_FIELD', new Map([[1, -7]])),
    withHeader('an empty header', 'MALFORMED', new Uint8Array(0)),
    withHeader('a header of an array', 'BAD_FIELD', encodeCbor([1, -7])),
    withHeader('a header without algorithm', 'MISSING_FIELD', headerOf([4, kid])),
    withHeader('a header without reference', 'MISSING_FIELD', headerOf([1, ES256])),
    withHeader(
      'a header with a content type',
      'BAD_FIELD',
      headerOf([1, ES256], [3, 60], [4, kid]),
    ),
    withHeader(
      'a header with critical labels',
      'BAD_FIELD',
      headerOf([1, ES256], [2, [1]], [4, kid]),
    ),
    withHeader(
      'a header with a longer reference',
      'BAD_FIELD',
      headerOf([1, ES256], [4, filler(9, 1)]),
    ),
    withHeader(
      'a header out of order',
      'NON_CANONICAL',
      concat(Uint8Array.of(0xa2, 0x04, 0x48), kid, Uint8Array.of(0x01, 0x26)),
    ),
    withHeader('a header with a byte more', 'TRAILING_BYTES', concat(header, Uint8Array.of(0))),
    withHeader('algorithm ES384', 'UNKNOWN_ALGORITHM', headerOf([1, -35], [4, kid])),
    withHeader(
      'algorithm EdDSA, which names no curve',
      'UNKNOWN_ALGORITHM',
      headerOf([1, -8], [4, kid]),
    ),
    withHeader('algorithm none', 'UNKNOWN_ALGORITHM', headerOf([1, 0], [4, kid])),
    withHeader('an algorithm as text', 'UNKNOWN_ALGORITHM', headerOf([1, 'ES256'], [4, kid])),
    withHeader(
      'an algorithm with longer signatures',
      'BAD_FIELD',
      headerOf([1, ML_DSA_44], [4, kid]),
    ),
    invalid(
      'Ed25519 named for a P-256 key',
      'TS-ALG-2',
      'payment',
      encodeCbor([headerOf([1, ED25519], [4, kid]), new Map(), payload, signature]),
      'ALGORITHM_MISMATCH',
      { external, check },
    ),
    withSignature('no signature', 'TS-SIG-3', 'BAD_FIELD', new Uint8Array(0)),
    withSignature('a signature one byte short', 'TS-SIG-3', 'BAD_FIELD', signature.slice(1)),
    withSignature(
      'a signature in DER',
      'TS-SIG-3',
      'BAD_FIELD',
      concat(Uint8Array.of(0x30, 0x44, 0x02, 0x20), r, Uint8Array.of(0x02, 0x20), s),
    ),
    withSignature(
      'the other valid S',
      'TS-SIG-4',
      'HIGH_S',
      concat(r, scalar(ORDER - BigInt(`0x${toHex(s)}`))),
    ),
    withSignature(
      'S just over half the order',
      'TS-SIG-4',
      'HIGH_S',
      concat(r, scalar(ORDER / 2n + 1n)),
    ),
    withSignature(
      'S of half the order',
      'TS-SIG-4',
      'BAD_SIGNATURE',
      concat(r, scalar(ORDER / 2n)),
    ),
    withSignature('S of the order', 'TS-SIG-4', 'HIGH_S', concat(r, scalar(ORDER))),
    withSignature('R of the order', 'TS-SIG-3', 'BAD_SIGNATURE', concat(scalar(ORDER), s)),
    withSignature('R of zero', 'TS-SIG-3', 'BAD_SIGNATURE', concat(scalar(0n), s)),
    withSignature('S of zero', 'TS-SIG-3', 'BAD_SIGNATURE', concat(r, scalar(0n))),
    withSignature('all zeros', 'TS-SIG-3', 'BAD_SIGNATURE', new Uint8Array(64)),
    withSignature(
      'one bit changed',
      'TS-SIG-3',
      'BAD_SIGNATURE',
      concat(r, s.subarray(0, 31), Uint8Array.of((s[31] ?? 0) ^ 1)),
    ),
    ...edwards,
  ],
};
