import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Bytes, concat, equalSecret, type Seconds } from '@tallystick/protocol';
import type { RandomBytes } from '../authority/keys.ts';

/** How long a device has to answer a challenge. */
export const CHALLENGE_SECONDS = 600;

const EXPIRES_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A challenge that anybody may answer. */
const ANYBODY = new Uint8Array(0);

/**
 * A fresh challenge of 32 bytes: expiry, nonce, and a tag under the backend's secret. It is known
 * again by its tag, so that nothing is stored for whoever only asks.
 *
 * @param addressee whose answer alone is taken: an attestation key that is to show that it got it
 */
export function makeChallenge(
  secret: Bytes,
  random: RandomBytes,
  now: Seconds,
  addressee: Bytes = ANYBODY,
): Bytes {
  const expires = new Uint8Array(EXPIRES_BYTES);
  new DataView(expires.buffer).setUint32(0, now + CHALLENGE_SECONDS);
  const body = concat(expires, random(NONCE_BYTES));
  return concat(body, tagOf(secret, body, addressee));
}

/** Whether this backend made the challenge, for that addressee, and not too long ago. */
export function isOwnChallenge(
  secret: Bytes,
  challenge: Bytes,
  now: Seconds,
  addressee: Bytes = ANYBODY,
): boolean {
  const body = challenge.subarray(0, EXPIRES_BYTES + NONCE_BYTES);
  if (!equalSecret(challenge.subarray(body.length), tagOf(secret, body, addressee))) return false;
  return now <= challengeExpiry(challenge);
}

/** Last second of a challenge, in issuer time. */
export function challengeExpiry(challenge: Bytes): Seconds {
  return new DataView(challenge.buffer, challenge.byteOffset).getUint32(0);
}

function tagOf(secret: Bytes, body: Bytes, addressee: Bytes): Bytes {
  return hmac(sha256, secret, concat(body, addressee)).slice(0, TAG_BYTES);
}
