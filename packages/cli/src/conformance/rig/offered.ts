import {
  type Bytes,
  checkSignature,
  decodePayload,
  decodeSigned,
  encodeFrame,
  equal,
  type Request,
  request as requestCodec,
} from '@tallystick/protocol';
import { ORDER } from '../pipe/messages.ts';
import type { Rig } from './rig.ts';
import { type Asked, offering } from './counterpart.ts';
import { expectFrame } from './expect.ts';
import { expectThat } from './violation.ts';

/** What the purse under test asks for, with the content of its request. */
export interface Offered extends Asked {
  readonly content: Request;
}

/** Has the purse under test ask for money, and checks what any payer would (TS-REQ-1). */
export async function offered(rig: Rig, amount: bigint | null, isStatic = false): Promise<Offered> {
  const report = await rig.iut.order({ kind: ORDER.offer, amount, isStatic });
  const frame = expectFrame(rig.answer(report), 1);
  const isOwn = equal(frame.certificate, rig.certificate);
  expectThat(isOwn, 'the certificate that the issuer gave it', 'another', frame.certificate);
  const content = readRequest(rig, frame.request);
  const isAsOrdered = content.amount === amount && content.isStatic === isStatic;
  expectThat(isAsOrdered, 'a request as it was ordered (TS-REQ-1)', 'another', frame.request);
  return { ...offering(frame.request, frame.certificate), bytes: encodeFrame(frame), content };
}

/** A request that the purse under test signed. */
export function readRequest(rig: Rig, request: Bytes): Request {
  const { key, ref } = rig.own;
  return rig.verified('a request signed by the payee (TS-REQ-1)', request, function* (bytes) {
    const signed = decodeSigned(bytes);
    expectThat(equal(signed.kid, ref), 'the name of its certificate', 'another', bytes);
    yield* checkSignature(signed, key);
    return decodePayload(signed.payload, requestCodec, 'request');
  });
}
