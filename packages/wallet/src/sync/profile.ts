import {
  type Algorithm,
  algorithmField,
  type AuthorityCertificate,
  blob,
  type Bytes,
  type Codec,
  decodeAuthority,
  type EnrolmentReply,
  label,
  LIMITS,
  list,
  publicKey,
  toHex,
  type TrustStore,
  tuple,
} from '@tallystick/protocol';
import { failure, stop } from '../failure.ts';
import { type PendingStore, Records } from '../pending-store.ts';

/** What the issuer gave this wallet at enrolment, beyond what the purse itself keeps. */
export interface Profile {
  readonly scheme: string;
  readonly rootAlgorithm: Algorithm;
  readonly rootKey: Bytes;
  readonly authorities: readonly Bytes[];
  /** The operator's key that signs status lists. */
  readonly operator: Bytes;
  /** The own participant's issuing key. */
  readonly issuer: Bytes;
  /** Static code by which money goes back to the issuer. */
  readonly unloadCode: Bytes;
}

const message = blob(LIMITS.messageBytes);

const profile: Codec<Profile> = tuple<Profile>({
  scheme: label(),
  rootAlgorithm: algorithmField,
  rootKey: blob(2_000, 32),
  authorities: list(message, 64),
  operator: message,
  issuer: message,
  unloadCode: message,
});

const ONLY = 'own';

/** Keeps the profile; the purse verified whatever is in it. */
export class ProfileShelf {
  readonly #records: Records<Profile>;

  constructor(store: PendingStore) {
    this.#records = new Records(store, 'profile/', profile);
  }

  async keep(of: EnrolmentReply | Profile): Promise<void> {
    const { scheme, rootAlgorithm, rootKey, authorities, operator, issuer, unloadCode } = of;
    const trust = { scheme, rootAlgorithm, rootKey, authorities };
    await this.#records.put(ONLY, { ...trust, operator, issuer, unloadCode });
  }

  /** The profile, or null before enrolment. */
  async find(): Promise<Profile | null> {
    return this.#records.get(ONLY);
  }

  /** The profile. Stops with NOT_ENROLLED when there is none. */
  async need(): Promise<Profile> {
    return (await this.find()) ?? stop(failure('NOT_ENROLLED'));
  }
}

/** What the profile lets this wallet verify by itself. The purse checked it when it was personalised. */
export function trustOf(of: Profile): TrustStore {
  const authorities = new Map<string, AuthorityCertificate>();
  for (const bytes of of.authorities) {
    const authority = decodeAuthority(bytes);
    authorities.set(toHex(authority.ref), authority);
  }
  const key = publicKey(of.rootAlgorithm, of.rootKey);
  return { anchor: { scheme: of.scheme, key }, authorities };
}
