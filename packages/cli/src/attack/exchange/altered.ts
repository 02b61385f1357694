import {
  type Bytes,
  type Cbor,
  type Currency,
  decodeCbor,
  decodePayload,
  decodePurseCertificate,
  decodeSigned,
  encodeCbor,
  encodeSigned,
  GENESIS,
  type Payment,
  payment as paymentCodec,
  type Request,
  request as requestCodec,
  requestDigest,
} from '@tallystick/protocol';
import { personalised, START, type TestPurse } from '@tallystick/trusted-app/testing';
import type { Arena } from '../arena.ts';
import type { Purse } from '../purse.ts';

/** Messages as an attacker alters them on their way, and as a broken device signs them. */

/** A payment with other fields, under the signature of the ones it had. */
function withPayment(message: Bytes, change: Partial<Payment>): Bytes {
  const signed = decodeSigned(message);
  const was = decodePayload(signed.payload, paymentCodec, 'payment');
  return encodeSigned({
    ...signed,
    payload: encodeCbor(paymentCodec.encode({ ...was, ...change })),
  });
}

/** A payment of another value, under the signature of the one it had. */
export function withValue(message: Bytes, change: Partial<Payment['value']>): Bytes {
  const { value } = decodePayload(decodeSigned(message).payload, paymentCodec, 'payment');
  return withPayment(message, { value: { ...value, ...change } });
}

/** A request with other fields, under the signature of the ones it had. */
export function withRequest(message: Bytes, change: Partial<Request>): Bytes {
  const signed = decodeSigned(message);
  const was = decodePayload(signed.payload, requestCodec, 'request');
  return encodeSigned({
    ...signed,
    payload: encodeCbor(requestCodec.encode({ ...was, ...change })),
  });
}

/** A message that says it is signed under another certificate. */
export function withSigner(message: Bytes, certificate: Bytes): Bytes {
  return encodeSigned({ ...decodeSigned(message), kid: decodePurseCertificate(certificate).ref });
}

/** A message that says it is signed with another algorithm, this scheme's or not. */
export function withAlgorithm(message: Bytes, alg: number, signature?: Bytes): Bytes {
  const [, unprotected, payload, was] = decodeCbor(message) as [Cbor, Cbor, Cbor, Bytes];
  const header = new Map<number, Cbor>([
    [1, alg],
    [4, decodeSigned(message).kid],
  ]);
  return encodeCbor([encodeCbor(header), unprotected, payload, signature ?? was]);
}

/** A device that signs whatever it likes, under a genuine certificate. */
export function rogueOf(
  { scheme }: Arena,
  profile: Parameters<typeof personalised>[3] = {},
): TestPurse {
  return personalised(scheme, scheme.participants[1], 'rogue', profile);
}

/** The fields of a payment of a rogue: all in order, but for what is changed. */
export function rogueFields(payee: Purse, change: Partial<Payment>): readonly Cbor[] {
  return paymentCodec.encode({
    seq: 1,
    head: GENESIS,
    payee: decodePurseCertificate(payee.certificate).ref,
    value: { kind: 1, currency: 978, amount: 10n, hop: 1 },
    syncedAt: START,
    acceptMinutes: 60,
    ...change,
  }) as readonly Cbor[];
}

/** What a rogue signs in answer to a request. */
export function roguePayment(rogue: TestPurse, fields: Cbor, request: Bytes): Bytes {
  return rogue.forge(rogue.certificate, fields, requestDigest(request));
}

/** A request that a rogue signs, in whatever currency. */
export function rogueRequest(rogue: TestPurse, currency: Currency, amount: bigint): Bytes {
  const fields: Request = {
    currency,
    amount,
    expires: START + 600,
    nonce: new Uint8Array(8),
    tag: new Uint8Array(8),
    isStatic: false,
  };
  return rogue.forge(rogue.certificate, requestCodec.encode(fields));
}
