import { request as requestCodec } from '@tallystick/protocol';
import { START, type TestPurse } from '@tallystick/trusted-app/testing';
import { type Asked, offering } from './counterpart.ts';

/** A request as a broken payee would sign it. */
export function forgedOffer(
  payee: TestPurse,
  change: Partial<Parameters<typeof requestCodec.encode>[0]>,
): Asked {
  const request = payee.forge(
    payee.certificate,
    requestCodec.encode({
      currency: 978,
      amount: 1_000n,
      expires: START + 600,
      nonce: new Uint8Array(8),
      tag: new Uint8Array(8),
      isStatic: false,
      ...change,
    }),
  );
  return offering(request, payee.certificate);
}
