import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as hash } from '@noble/hashes/sha2.js';
import {
  type Bytes,
  decodePayload,
  decodeSigned,
  demand,
  encodeCbor,
  encodeSigned,
  equalSecret,
  NO_EXTERNAL,
  type Request,
  recordId,
  request as requestCodec,
  toBeSigned,
  type Unsigned,
} from '@tallystick/protocol';
import type { CommandOf } from '../command.ts';
import { random, sign, type Steps } from '../effects.ts';
import { ownCertificate } from '../own-keys.ts';
import { currentKey, type Purse } from '../purse.ts';
import type { Message } from '../reply.ts';
import { demandUnlocked } from '../rules.ts';

const TAG_BYTES = 8;
/** Keeps tags apart from log salts, which are made under the same secret over 32 bytes. */
const TAG_DOMAIN = 'request tag';

/**
 * Proves later that this purse made a request, without storing it (TS-REQ-4). A forged tag would let
 * a stranger give money unasked; it cannot take any.
 */
function requestTag(purse: Purse, request: Omit<Request, 'tag'>): Bytes {
  const untagged = requestCodec.encode({ ...request, tag: new Uint8Array(TAG_BYTES) });
  return hmac(hash, purse.secret, encodeCbor([TAG_DOMAIN, untagged])).slice(0, TAG_BYTES);
}

/** Makes and signs a demand for money, or a static code. It changes no state. */
export function* makeRequest(purse: Purse, command: CommandOf<4>): Steps<Message> {
  demandUnlocked(purse);
  const { currency, amount, expires, isStatic } = command;
  demand(currency === purse.policy.currency, 'WRONG_CURRENCY');
  const untagged = { currency, amount, expires, isStatic, nonce: yield* random(8) };
  const certificate = ownCertificate(purse);
  const message: Unsigned = {
    alg: certificate.key.alg,
    kid: certificate.ref,
    external: NO_EXTERNAL,
    payload: encodeCbor(requestCodec.encode({ ...untagged, tag: requestTag(purse, untagged) })),
  };
  const signature = yield* sign(currentKey(purse).slot, message.alg, toBeSigned(message));
  return { kind: 1, message: encodeSigned({ ...message, signature }), id: recordId(message) };
}

/** Reads the request that a payment is said to answer. Rejects with the decoding codes. */
export function readAsked(bytes: Bytes): { request: Request; kid: Bytes } {
  const signed = decodeSigned(bytes);
  return { request: decodePayload(signed.payload, requestCodec, 'request'), kid: signed.kid };
}

/** Only a request that this purse made itself has its tag. Rejects: FOREIGN_REQUEST. */
export function demandOwn(purse: Purse, request: Request): void {
  demand(equalSecret(requestTag(purse, request), request.tag), 'FOREIGN_REQUEST');
}
