import { type Seconds, sha256, toHex } from '@tallystick/protocol';
import type { RandomBytes } from '../authority/keys.ts';
import type { Documents, Store } from '../store/port.ts';
import { STAFF_LIMITS } from './limits.ts';
import { bytesOf } from './parts.ts';
import { type Member, memberOf, type Session, staffRecords } from './records.ts';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** Old ones that are cleared when somebody signs in. */
const CLEARED_AT_ONCE = 500;

/** Who is signed in, until when. */
export interface SignedIn {
  readonly member: Member;
  /** Name of the passkey it was with. */
  readonly passkey: string;
  readonly expires: Seconds;
}

/** Opens a session, and returns the token that only its browser knows: here is its digest. */
export async function openSession(
  documents: Documents,
  of: { readonly member: string; readonly passkey: string; readonly now: Seconds },
  random: RandomBytes,
): Promise<string> {
  const { sessions } = staffRecords(documents);
  for (const { name, value } of await sessions.list(CLEARED_AT_ONCE)) {
    if (endOf(value) < of.now) await sessions.delete(name);
  }
  const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url');
  await sessions.put(nameOf(token), {
    member: bytesOf(of.member),
    passkey: bytesOf(of.passkey),
    startedAt: of.now,
    seenAt: of.now,
  });
  return token;
}

/** Who holds this token; null when nobody does any more. */
export async function findSession(
  store: Pick<Store, 'exclusive'>,
  token: string,
  now: Seconds,
): Promise<SignedIn | null> {
  if (!TOKEN.test(token)) return null;
  const name = nameOf(token);
  return store.exclusive(lockOf(name), async (documents) => {
    const { sessions, members, passkeys } = staffRecords(documents);
    const session = await sessions.get(name);
    if (session === null || endOf(session) < now) return null;
    // Whoever was removed is not there any more, nor is a passkey; their sessions need no search.
    const [id, passkey] = [toHex(session.member), toHex(session.passkey)];
    const [member, key] = [await members.get(id), await passkeys.get(passkey)];
    if (member === null || key === null) return null;
    if (now - session.seenAt >= STAFF_LIMITS.touchSeconds) {
      await sessions.put(name, { ...session, seenAt: now });
    }
    return { member: memberOf(id, member), passkey, expires: absoluteEnd(session) };
  });
}

export async function endSession(store: Pick<Store, 'exclusive'>, token: string): Promise<void> {
  if (!TOKEN.test(token)) return;
  const name = nameOf(token);
  await store.exclusive(lockOf(name), (documents) => staffRecords(documents).sessions.delete(name));
}

function absoluteEnd({ startedAt }: Session): Seconds {
  return startedAt + STAFF_LIMITS.sessionSeconds;
}

/** Last second at which it is good. */
function endOf(session: Session): Seconds {
  return Math.min(absoluteEnd(session), session.seenAt + STAFF_LIMITS.idleSeconds);
}

function nameOf(token: string): string {
  return toHex(sha256(new TextEncoder().encode(token)));
}

function lockOf(name: string): string {
  return `staff-session/${name}`;
}
