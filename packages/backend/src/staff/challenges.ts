import { type Bytes, type Seconds, sha256, toHex } from '@tallystick/protocol';
import { challengeExpiry, isOwnChallenge, makeChallenge } from '../attestation/challenge.ts';
import type { RandomBytes } from '../authority/keys.ts';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Documents } from '../store/port.ts';
import { staffRecords } from './records.ts';
import { challengeIn } from './webauthn.ts';

/** Challenges of staff. They are known by their tag: whoever only asks for one leaves nothing behind. */
export interface Challenges {
  /** A fresh one, of use for this purpose alone. */
  make(purpose: string): Bytes;
  /** The challenge in what a browser said, if we made it for this. Errors: SIGN_IN_REFUSED. */
  read(clientData: string, purpose: string): Outcome<Bytes>;
  /** Takes it once: false when it has been answered before. */
  take(challenge: Bytes, documents: Documents): Promise<boolean>;
}

const CLEARED_AT_ONCE = 16;

export function createChallenges(
  secret: Bytes,
  random: RandomBytes,
  clock: () => Seconds,
): Challenges {
  return {
    make: (purpose) => makeChallenge(secret, random, clock(), bytesOf(purpose)),
    read: (clientData, purpose) => {
      const challenge = challengeIn(clientData);
      const isOurs =
        challenge?.length === CHALLENGE_BYTES &&
        isOwnChallenge(secret, challenge, clock(), bytesOf(purpose));
      return isOurs
        ? accept(challenge)
        : refuse('SIGN_IN_REFUSED', 'the challenge is not ours, or has expired: start again');
    },
    take: async (challenge, documents) => {
      const { answered } = staffRecords(documents);
      for (const { name, value } of await answered.list(CLEARED_AT_ONCE)) {
        if (value.expires < clock()) await answered.delete(name);
      }
      const expires = challengeExpiry(challenge);
      // Times stand in the name, so that the oldest come first.
      const name = `${String(expires).padStart(10, '0')}/${toHex(sha256(challenge))}`;
      if ((await answered.get(name)) !== null) return false;
      await answered.put(name, { expires });
      return true;
    },
  };
}

const CHALLENGE_BYTES = 32;

function bytesOf(purpose: string): Bytes {
  return new TextEncoder().encode(purpose);
}
