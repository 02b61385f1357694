import { type Bytes, sha256, toHex } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Documents } from '../store/port.ts';
import { STAFF_LIMITS } from './limits.ts';
import { invitationName } from './members.ts';
import { bytesOf, STAFF_LOCK, type StaffParts } from './parts.ts';
import { type Place, relyingPartyOf } from './place.ts';
import { memberOf, passkeysOf, staffRecords } from './records.ts';
import { type Opened, opened } from './signing-in.ts';
import { ALGORITHMS_TAKEN, base64url, readRegistration, type Registration } from './webauthn.ts';

/**
 * By what somebody may register a passkey: the operator's token, for a member with this name; an invitation;
 * or being a member who wants another one.
 */
export type Grant =
  | { readonly kind: 'operator'; readonly name: string }
  | { readonly kind: 'invitation'; readonly code: string }
  | { readonly kind: 'member'; readonly id: string };

/** What `navigator.credentials.create` is given, its bytes in base64url. */
export interface CreationOptions {
  readonly challenge: string;
  readonly relyingParty: string;
  readonly user: string;
  readonly name: string;
  readonly algorithms: readonly number[];
  /** Credentials that its authenticators may have already. */
  readonly exclude: readonly string[];
}

/** The member a passkey is for. */
interface Candidate {
  /** Null for one who is no member yet. */
  readonly id: string | null;
  readonly name: string;
}

/** Errors: INVITATION_REFUSED, STAFF_FULL. */
export async function offerPasskey(
  parts: StaffParts,
  grant: Grant,
  place: Place,
): Promise<Outcome<CreationOptions>> {
  return parts.store.exclusive(STAFF_LOCK, async (documents) => {
    const found = await candidateOf(parts, grant, documents);
    if (!found.ok) return found;
    const { id, name } = found.value;
    const challenge = parts.challenges.make(purposeOf(found.value));
    const own = id === null ? [] : await passkeysOf(staffRecords(documents).passkeys, id);
    return accept({
      challenge: base64url(challenge),
      relyingParty: relyingPartyOf(place),
      user: base64url(id === null ? newId(challenge) : bytesOf(id)),
      name,
      algorithms: ALGORITHMS_TAKEN,
      exclude: own.map(({ value }) => base64url(value.credential)),
    });
  });
}

/** Keeps a passkey, and signs its member in. Errors: those of the offer; SIGN_IN_REFUSED, PASSKEY_EXISTS. */
export async function registerPasskey(
  parts: StaffParts,
  grant: Grant,
  place: Place,
  made: Registration,
  label: string,
): Promise<Outcome<Opened>> {
  const { store, clock, challenges } = parts;
  return store.exclusive(STAFF_LOCK, async (documents) => {
    const found = await candidateOf(parts, grant, documents);
    if (!found.ok) return found;
    const challenge = challenges.read(made.clientData, purposeOf(found.value));
    if (!challenge.ok) return challenge;
    const read = await readRegistration(made, challenge.value, place);
    if (!read.ok) return read;
    const { id: credential, key, counter } = read.value;
    const { members, passkeys, invitations } = staffRecords(documents);
    const passkey = passkeyName(credential);
    if ((await passkeys.get(passkey)) !== null) return refuse('PASSKEY_EXISTS');
    if (!(await challenges.take(challenge.value, documents))) {
      return refuse('SIGN_IN_REFUSED', 'the challenge was answered before: start again');
    }
    const now = clock();
    const { id: known, name } = found.value;
    const id = known ?? toHex(newId(challenge.value));
    if (known === null) await members.put(id, { name, addedAt: now });
    if (grant.kind === 'invitation') await invitations.delete(invitationName(grant.code));
    const row = { member: bytesOf(id), credential, key, counter, label, addedAt: now, usedAt: now };
    await passkeys.put(passkey, row);
    const member = memberOf(id, (await members.get(id)) ?? { name, addedAt: now });
    return accept(await opened(parts, documents, member, passkey));
  });
}

async function candidateOf(
  { clock }: StaffParts,
  grant: Grant,
  documents: Documents,
): Promise<Outcome<Candidate>> {
  const { members, passkeys, invitations } = staffRecords(documents);
  if (grant.kind === 'member') {
    const member = await members.get(grant.id);
    if (member === null) return refuse('UNKNOWN_MEMBER', grant.id);
    const own = await passkeysOf(passkeys, grant.id);
    if (own.length >= STAFF_LIMITS.passkeysEach) return refuse('STAFF_FULL', 'too many passkeys');
    return accept({ id: grant.id, name: member.name });
  }
  if ((await members.list(STAFF_LIMITS.members)).length >= STAFF_LIMITS.members) {
    return refuse('STAFF_FULL');
  }
  if (grant.kind === 'operator') return accept({ id: null, name: grant.name });
  const invitation = await invitations.get(invitationName(grant.code));
  if (invitation === null || invitation.expires < clock()) return refuse('INVITATION_REFUSED');
  return accept({ id: null, name: invitation.name });
}

/** A challenge for one person is of no use to another. */
function purposeOf({ id, name }: Candidate): string {
  return id === null ? `register new ${name}` : `register ${id}`;
}

/** The id of a new member, so that nothing is kept before there is one. */
function newId(challenge: Bytes): Bytes {
  return sha256(challenge).slice(0, 16);
}

/** What a passkey is kept under: the digest of its credential's id. */
function passkeyName(credential: Bytes): string {
  return toHex(sha256(credential));
}
