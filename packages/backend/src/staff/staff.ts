import { createShelf } from '../authority/shelf.ts';
import type { Outcome } from '../outcome.ts';
import { createChallenges } from './challenges.ts';
import { listDeeds, noteDeed } from './deeds.ts';
import {
  inviteMember,
  type MemberWithKeys,
  readStaff,
  removeMember,
  removePasskey,
} from './members.ts';
import type { StaffOptions, StaffParts } from './parts.ts';
import type { Place } from './place.ts';
import type { Deed, Invitation, Member, Passkey } from './records.ts';
import { type CreationOptions, type Grant, offerPasskey, registerPasskey } from './registering.ts';
import { endSession, findSession, type SignedIn } from './sessions.ts';
import { offerSignIn, type Opened, type RequestOptions, signIn } from './signing-in.ts';
import type { Assertion, Registration } from './webauthn.ts';

/**
 * Those who run the backend, and how they sign in: with passkeys, at the consoles that were named. The first
 * is let in by whoever holds the operator's token; everybody else by an invitation.
 */
export interface Staff {
  /** Names a page at which staff may sign in. */
  admit(place: Place): void;
  /** The console with that origin; null when it is none of ours. */
  placeOf(origin: string | undefined): Place | null;
  /** Whether there is anybody yet. */
  isEmpty(): Promise<boolean>;
  list(): Promise<readonly MemberWithKeys[]>;
  /** An invitation for one person, good for a day, and the code that is it. Errors: STAFF_FULL. */
  invite(name: string): Promise<Outcome<Invitation & { readonly code: string }>>;
  /** Ends somebody's access at once. Errors: UNKNOWN_MEMBER, LAST_PASSKEY. */
  remove(member: string): Promise<Outcome<Member>>;
  /** Errors: UNKNOWN_PASSKEY, LAST_PASSKEY. */
  removePasskey(name: string): Promise<Outcome<Passkey>>;
  /** What a browser makes a passkey by. Errors: INVITATION_REFUSED, STAFF_FULL. */
  offerPasskey(grant: Grant, place: Place): Promise<Outcome<CreationOptions>>;
  /** Keeps a passkey, and signs its member in. Errors: those of the offer; SIGN_IN_REFUSED, PASSKEY_EXISTS. */
  register(grant: Grant, place: Place, made: Registration, label: string): Promise<Outcome<Opened>>;
  offerSignIn(place: Place): RequestOptions;
  /** Opens a session. Errors: SIGN_IN_REFUSED. */
  signIn(place: Place, said: Assertion): Promise<Outcome<Opened>>;
  /** Who holds the token of a session; null when nobody does (any more). */
  session(token: string): Promise<SignedIn | null>;
  signOut(token: string): Promise<void>;
  /** Keeps what a member had done. */
  note(deed: Omit<Deed, 'at'>): Promise<void>;
  /** What was done last, newest first. */
  deeds(): Promise<readonly Deed[]>;
}

const SECRET = 'staff-challenge-secret';
const SECRET_BYTES = 32;

export async function openStaff(options: StaffOptions): Promise<Staff> {
  const { store, clock, random } = options;
  const secret = await createShelf(store).putIfAbsent(SECRET, random(SECRET_BYTES));
  const parts: StaffParts = { ...options, challenges: createChallenges(secret, random, clock) };
  const places = new Map<string, Place>();
  return {
    admit: (place) => void places.set(place.origin, place),
    placeOf: (origin) => places.get(origin ?? '') ?? null,
    isEmpty: async () => (await readStaff(parts)).length === 0,
    list: () => readStaff(parts),
    invite: (name) => inviteMember(parts, name),
    remove: (member) => removeMember(parts, member),
    removePasskey: (name) => removePasskey(parts, name),
    offerPasskey: (grant, place) => offerPasskey(parts, grant, place),
    register: (grant, place, made, label) => registerPasskey(parts, grant, place, made, label),
    offerSignIn: (place) => offerSignIn(parts, place),
    signIn: (place, said) => signIn(parts, place, said),
    session: (token) => findSession(store, token, clock()),
    signOut: (token) => endSession(store, token),
    note: (deed) => noteDeed(parts, deed),
    deeds: () => listDeeds(parts),
  };
}
