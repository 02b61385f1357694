import { sha256, toHex } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Documents } from '../store/port.ts';
import { STAFF_LIMITS } from './limits.ts';
import { STAFF_LOCK, type StaffParts } from './parts.ts';
import { type Place, relyingPartyOf } from './place.ts';
import { type Member, memberOf, staffRecords } from './records.ts';
import { openSession } from './sessions.ts';
import { type Assertion, base64url, readAssertion } from './webauthn.ts';

/** What `navigator.credentials.get` is given. Nobody is named: the authenticator knows whose key it has. */
export interface RequestOptions {
  readonly challenge: string;
  readonly relyingParty: string;
}

/** A session that has just been opened; the token is the browser's alone. */
export interface Opened {
  readonly token: string;
  readonly member: Member;
  readonly expires: number;
}

const PURPOSE = 'sign in';

export function offerSignIn({ challenges }: StaffParts, place: Place): RequestOptions {
  return {
    challenge: base64url(challenges.make(PURPOSE)),
    relyingParty: relyingPartyOf(place),
  };
}

/** Opens a session for whoever's passkey signed a challenge of ours. Errors: SIGN_IN_REFUSED. */
export async function signIn(
  parts: StaffParts,
  place: Place,
  said: Assertion,
): Promise<Outcome<Opened>> {
  const { store, clock, challenges } = parts;
  const challenge = challenges.read(said.clientData, PURPOSE);
  if (!challenge.ok) return challenge;
  return store.exclusive(STAFF_LOCK, async (documents) => {
    const { members, passkeys } = staffRecords(documents);
    const name = toHex(sha256(new Uint8Array(Buffer.from(said.id, 'base64url'))));
    const passkey = await passkeys.get(name);
    if (passkey === null) return refuse('SIGN_IN_REFUSED', 'nobody here has that passkey');
    const { credential: id, key, counter } = passkey;
    const counted = await readAssertion(said, challenge.value, place, { id, key, counter });
    if (!counted.ok) return counted;
    if (!(await challenges.take(challenge.value, documents))) {
      return refuse('SIGN_IN_REFUSED', 'the challenge was answered before: start again');
    }
    const memberId = toHex(passkey.member);
    const member = await members.get(memberId);
    if (member === null) return refuse('SIGN_IN_REFUSED', 'nobody here has that passkey');
    await passkeys.put(name, { ...passkey, counter: counted.value, usedAt: clock() });
    return accept(await opened(parts, documents, memberOf(memberId, member), name));
  });
}

/** Opens a session for a member. */
export async function opened(
  { clock, random }: StaffParts,
  documents: Documents,
  member: Member,
  passkey: string,
): Promise<Opened> {
  const now = clock();
  const token = await openSession(documents, { member: member.id, passkey, now }, random);
  return { token, member, expires: now + STAFF_LIMITS.sessionSeconds };
}
