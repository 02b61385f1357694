import { sha256, toHex } from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Documents } from '../store/port.ts';
import { STAFF_LIMITS } from './limits.ts';
import { STAFF_LOCK, type StaffParts } from './parts.ts';
import {
  type Invitation,
  type Member,
  memberOf,
  type Passkey,
  passkeysOf,
  staffRecords,
} from './records.ts';

export interface MemberWithKeys extends Member {
  readonly passkeys: readonly { readonly name: string; readonly value: Passkey }[];
}

const CODE_BYTES = 20;

export async function readStaff({ store }: StaffParts): Promise<readonly MemberWithKeys[]> {
  return store.exclusive(STAFF_LOCK, async (documents) => {
    const { members, passkeys } = staffRecords(documents);
    const all = await passkeysOf(passkeys, null);
    return (await members.list(STAFF_LIMITS.members)).map(({ name: id, value }) => ({
      ...memberOf(id, value),
      passkeys: all.filter(({ value: { member } }) => toHex(member) === id),
    }));
  });
}

/** An invitation for one person. Only the digest of its code is kept. Errors: STAFF_FULL. */
export async function inviteMember(
  { store, random, clock }: StaffParts,
  name: string,
): Promise<Outcome<Invitation & { readonly code: string }>> {
  return store.exclusive(STAFF_LOCK, async (documents) => {
    const { members, invitations } = staffRecords(documents);
    for (const { name: old, value } of await invitations.list(STAFF_LIMITS.members)) {
      if (value.expires < clock()) await invitations.delete(old);
    }
    const taken = [
      ...(await members.list(STAFF_LIMITS.members)),
      ...(await invitations.list(STAFF_LIMITS.members)),
    ];
    if (taken.length >= STAFF_LIMITS.members) return refuse('STAFF_FULL');
    const code = Buffer.from(random(CODE_BYTES)).toString('base64url');
    const invitation = { name, expires: clock() + STAFF_LIMITS.invitationSeconds };
    await invitations.put(invitationName(code), invitation);
    return accept({ ...invitation, code });
  });
}

export function invitationName(code: string): string {
  return toHex(sha256(new TextEncoder().encode(code)));
}

/** Removes somebody with every passkey; their sessions end with these. Errors: UNKNOWN_MEMBER, LAST_PASSKEY. */
export async function removeMember({ store }: StaffParts, id: string): Promise<Outcome<Member>> {
  return store.exclusive(STAFF_LOCK, async (documents) => {
    const { members, passkeys } = staffRecords(documents);
    const member = await members.get(id);
    if (member === null) return refuse('UNKNOWN_MEMBER', id);
    const own = await passkeysOf(passkeys, id);
    // Whoever removes everybody has to begin with the operator's token again: that is asked for outright.
    if (own.length === (await countPasskeys(documents))) return refuse('LAST_PASSKEY');
    for (const { name } of own) await passkeys.delete(name);
    await members.delete(id);
    return accept(memberOf(id, member));
  });
}

/** Errors: UNKNOWN_PASSKEY, LAST_PASSKEY. */
export async function removePasskey(
  { store }: StaffParts,
  name: string,
): Promise<Outcome<Passkey>> {
  return store.exclusive(STAFF_LOCK, async (documents) => {
    const { passkeys } = staffRecords(documents);
    const passkey = await passkeys.get(name);
    if (passkey === null) return refuse('UNKNOWN_PASSKEY', name);
    if ((await passkeysOf(passkeys, toHex(passkey.member))).length === 1) {
      return refuse('LAST_PASSKEY');
    }
    await passkeys.delete(name);
    return accept(passkey);
  });
}

async function countPasskeys(documents: Documents): Promise<number> {
  return (await passkeysOf(staffRecords(documents).passkeys, null)).length;
}
