import {
  blob,
  type Bytes,
  type Codec,
  decodeBody,
  encodeBody,
  fixed,
  label,
  nullable,
  type Seconds,
  seconds,
  toHex,
  tuple,
  uint,
} from '@tallystick/protocol';
import type { Documents } from '../store/port.ts';
import { STAFF_LIMITS } from './limits.ts';

/** Somebody who runs the backend. */
export interface Member {
  /** 16 bytes in hex; also the user handle of WebAuthn. */
  readonly id: string;
  readonly name: string;
  readonly addedAt: Seconds;
}

/** A public key whose private half an authenticator of a member guards. */
export interface Passkey {
  readonly member: Bytes;
  readonly credential: Bytes;
  /** A COSE key. */
  readonly key: Bytes;
  /** What the authenticator has counted; 0 for one that does not count. */
  readonly counter: number;
  readonly label: string;
  readonly addedAt: Seconds;
  readonly usedAt: Seconds | null;
}

/** A member who has signed in. Its name is the digest of the token that its browser holds. */
export interface Session {
  readonly member: Bytes;
  /** Digest of the credential it was opened with: it ends with that. */
  readonly passkey: Bytes;
  readonly startedAt: Seconds;
  readonly seenAt: Seconds;
}

export interface Invitation {
  readonly name: string;
  readonly expires: Seconds;
}

/** Documents of one kind, each under a name of its own. */
export interface Kept<T> {
  get(name: string): Promise<T | null>;
  put(name: string, value: T): Promise<void>;
  delete(name: string): Promise<void>;
  list(limit: number): Promise<readonly { readonly name: string; readonly value: T }[]>;
}

/** Something that a member had done: who, when, what. */
export interface Deed {
  readonly at: Seconds;
  readonly member: Bytes;
  /** Kept with it: members go, their deeds stay. */
  readonly name: string;
  /** Method and path. */
  readonly request: string;
  /** The beginning of its body, as JSON on one line. */
  readonly body: string | null;
}

interface StaffRecords {
  readonly members: Kept<Omit<Member, 'id'>>;
  readonly passkeys: Kept<Passkey>;
  readonly sessions: Kept<Session>;
  readonly invitations: Kept<Invitation>;
  /** Challenges that have been answered, until they expire: none is answered twice. */
  readonly answered: Kept<{ readonly expires: Seconds }>;
  readonly deeds: Kept<Deed>;
}

const { nameBytes, credentialBytes, keyBytes } = STAFF_LIMITS;

const memberCodec = tuple<Omit<Member, 'id'>>({ name: label(nameBytes), addedAt: seconds });
const passkeyCodec = tuple<Passkey>({
  member: fixed(16),
  credential: blob(credentialBytes),
  key: blob(keyBytes),
  counter: uint(0xffff_ffff),
  label: label(nameBytes),
  addedAt: seconds,
  usedAt: nullable(seconds),
});
const sessionCodec = tuple<Session>({
  member: fixed(16),
  passkey: fixed(32),
  startedAt: seconds,
  seenAt: seconds,
});
const invitationCodec = tuple<Invitation>({ name: label(nameBytes), expires: seconds });
const deedCodec = tuple<Deed>({
  at: seconds,
  member: fixed(16),
  name: label(nameBytes),
  request: label(STAFF_LIMITS.deedBytes),
  body: nullable(label(STAFF_LIMITS.deedBytes)),
});
const answeredCodec = tuple<{ readonly expires: Seconds }>({ expires: seconds });

/** Staff among the documents of a store. */
export function staffRecords(documents: Documents): StaffRecords {
  return {
    members: kept(documents, 'staff/member/', memberCodec),
    passkeys: kept(documents, 'staff/passkey/', passkeyCodec),
    sessions: kept(documents, 'staff/session/', sessionCodec),
    invitations: kept(documents, 'staff/invitation/', invitationCodec),
    answered: kept(documents, 'staff/answered/', answeredCodec),
    deeds: kept(documents, 'staff/deed/', deedCodec),
  };
}

function kept<T extends object>(documents: Documents, prefix: string, codec: Codec<T>): Kept<T> {
  return {
    get: async (name) => {
      const bytes = await documents.get(prefix + name);
      return bytes === null ? null : decodeBody(codec, bytes);
    },
    put: (name, value) => documents.put(prefix + name, encodeBody(codec, value)),
    delete: (name) => documents.delete(prefix + name),
    list: async (limit) =>
      (await documents.list(prefix, '', limit)).map(({ key, value }) => ({
        name: key.slice(prefix.length),
        value: decodeBody(codec, value),
      })),
  };
}

/** A member by its record. */
export function memberOf(id: string, { name, addedAt }: Omit<Member, 'id'>): Member {
  return { id, name, addedAt };
}

/** Passkeys of one member, or of all. */
export async function passkeysOf(
  passkeys: Kept<Passkey>,
  member: string | null,
): Promise<readonly { readonly name: string; readonly value: Passkey }[]> {
  const { members, passkeysEach } = STAFF_LIMITS;
  const all = await passkeys.list(members * passkeysEach);
  return all.filter(({ value }) => member === null || toHex(value.member) === member);
}
