import {
  type AuthorityCertificate,
  type Bytes,
  checkAuthority,
  decodeAuthority,
  ES256,
  type Policy,
  type PublicKey,
  runChecking,
  type Seconds,
  type Signed,
  toBeSigned,
  toHex,
  type TrustAnchor,
  type TrustStore,
  unsignedStatusList,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { publishOwn } from '../images/publishing.ts';
import { createImageRegistry, type ImageRegistry } from '../images/registry.ts';
import type { Draft, Issuer } from '../reconciliation/index.ts';
import type { Scheme } from '../scheme/scheme.ts';
import type { Store } from '../store/port.ts';
import type { PolicyAmendment } from './amendment.ts';
import { certifyAuthority, certifyPurse, type PurseClaims, signWith } from './certificates.ts';
import { type IssuingKey, openIssuingKeys } from './issuing.ts';
import type { KeyRing, SigningKey } from './keys.ts';
import { openPolicy, type PublishedPolicy, type SignedPolicy } from './published-policy.ts';
import { register } from './register.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { CERTIFICATES, noteAnchor } from './trust.ts';

export interface AuthorityOptions {
  readonly scheme: Scheme;
  readonly store: Store;
  readonly keys: KeyRing;
  /** Issuer time. */
  readonly clock: () => Seconds;
  /**
   * Code of the trusted application that a sandbox registers, as its own publisher. Only where the scheme
   * names no publisher.
   */
  readonly ownImage?: Bytes;
}

/** A party of the scheme with its certificate and keys. */
export interface Party {
  readonly code: string;
  readonly name: string;
  readonly authority: AuthorityCertificate;
  readonly authorityWire: Bytes;
  /** The key it signs with now: loads, answers and closures, or the operator's status lists. */
  readonly issuing: IssuingKey;
}

/** The scheme's root, operator and participants, and everything they sign. */
export interface Authority extends Issuer {
  readonly scheme: Scheme;
  readonly anchor: TrustAnchor;
  readonly trust: TrustStore;
  readonly operator: Party;
  readonly participants: readonly Party[];
  participant(code: string): Party | undefined;
  /** The risk rules in force, and the root's COSE_Sign1 of them. */
  readonly policy: SignedPolicy;
  /** Looks for a newer policy that another process has published. */
  refreshPolicy(): Promise<SignedPolicy>;
  /** Switches the emergency mode: the root signs the next policy (TS-POL-6). */
  setEmergency(on: boolean): Promise<SignedPolicy>;
  /** What differs from the scheme file by decision. */
  amendment(): Promise<PolicyAmendment>;
  /** The policy that an amendment would make of the one in force; null when it changes nothing. */
  previewPolicy(amendment: PolicyAmendment): Promise<Policy | null>;
  /** Has the root sign the next policy with an amendment; false when the one of that version is in force no more. */
  amendPolicy(amendment: PolicyAmendment, basis: number): Promise<boolean>;
  /** Whose images the scheme registers: the scheme's publisher, or the sandbox itself (TS-IMG-1). */
  readonly publisher: PublicKey;
  readonly images: ImageRegistry;
  /** Has the root say in a policy what the registry of images says (TS-IMG-5). */
  followImages(): Promise<SignedPolicy>;
  /** Signs a purse certificate with the participant's authority key. */
  certify(participant: string, claims: PurseClaims): Promise<Bytes>;
}

const ROOT = 'root';
const PUBLISHER = 'publisher';

/**
 * Opens the scheme's authority: on first use it makes the keys and certificates, later it finds
 * them; a policy that no longer says what the scheme file says is followed by its next version.
 */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const { scheme, store, keys } = options;
  const shelf = createShelf(store);
  const signer = await keys.key(ROOT, ES256);
  const anchor: TrustAnchor = { scheme: scheme.id, key: signer.key };
  const root = { anchor, signer };
  await noteAnchor(shelf, anchor);
  const parties: (Party & { readonly signer: SigningKey })[] = [];
  for (const [index, party] of [scheme.operator, ...scheme.participants].entries()) {
    parties.push(await openParty(options, shelf, root, { ...party, index }));
  }
  // Payments to and from these keys are unloads and loads.
  await register(
    store,
    parties.flatMap(({ issuing }) => issuing.rows),
  );
  const images = createImageRegistry(shelf);
  const publisher = await openPublisher(options, images);
  const policy = await openPolicy(options, shelf, images, root);
  return assemble({ scheme, anchor, publisher, images }, parties, policy);
}

/** The publisher's key. A sandbox has one of its own, and registers the image it was given. */
async function openPublisher(
  { scheme, keys, clock, ownImage }: AuthorityOptions,
  images: ImageRegistry,
): Promise<PublicKey> {
  if (scheme.publisher !== null) return scheme.publisher.key;
  const signer = await keys.key(PUBLISHER, ES256);
  if (ownImage !== undefined) await publishOwn(images, signer, ownImage, clock());
  return signer.key;
}

async function openParty(
  options: AuthorityOptions,
  shelf: Shelf,
  root: { readonly anchor: TrustAnchor; readonly signer: SigningKey },
  party: { readonly code: string; readonly name: string; readonly index: number },
): Promise<Party & { readonly signer: SigningKey }> {
  const { scheme, keys, clock } = options;
  const { code, name } = party;
  const signer = await keys.key(`authority/${code}`, ES256);
  const place = `${CERTIFICATES}${code}`;
  const authorityWire =
    (await shelf.get(place)) ??
    (await shelf.putIfAbsent(
      place,
      await certifyAuthority(scheme, root, code, signer.key, clock()),
    ));
  const authority = decodeAuthority(authorityWire);
  // A shelf of another scheme must not pass for this one's.
  runChecking(checkAuthority(authority, root.anchor), softwareVerify);
  const issuing = await openIssuingKeys(options, shelf, { ...party, authority, signer });
  return { code, name, authority, authorityWire, issuing, signer };
}

function assemble(
  fixed: Pick<Authority, 'scheme' | 'anchor' | 'publisher' | 'images'>,
  parties: readonly (Party & { readonly signer: SigningKey })[],
  policies: PublishedPolicy,
): Authority {
  const { scheme, anchor } = fixed;
  const byCode = new Map(parties.map((party) => [party.code, party]));
  const [operator, ...participants] = parties;
  if (operator === undefined) throw new TypeError('a scheme has an operator');
  const partyOf = (code: string): Party & { readonly signer: SigningKey } => {
    const party = byCode.get(code);
    if (party === undefined) throw new RangeError(`no participant has the code ${code}`);
    return party;
  };
  return {
    ...fixed,
    trust: {
      anchor,
      authorities: new Map(parties.map(({ authority }) => [toHex(authority.ref), authority])),
    },
    operator,
    participants,
    participant: (code) => participants.find((party) => party.code === code),
    get policy() {
      return policies.current;
    },
    refreshPolicy: () => policies.refresh(),
    setEmergency: (on) => policies.setEmergency(on),
    amendment: () => policies.amendment(),
    previewPolicy: (amendment) => policies.preview(amendment),
    amendPolicy: (amendment, basis) => policies.amend(amendment, basis),
    followImages: () => policies.followImages(),
    certify: (code, claims) => {
      const { authority, signer } = partyOf(code);
      return certifyPurse({ certificate: authority, signer }, claims);
    },
    listUri: scheme.statusListUri,
    sign: (code, draft) => signDraft(partyOf(code).issuing, draft),
    signList: (list) => {
      const { signer, certificate } = operator.issuing;
      return signWith(
        signer,
        unsignedStatusList(list, { alg: signer.key.alg, ref: certificate.ref }),
      );
    },
  };
}

async function signDraft({ signer, certificate }: IssuingKey, draft: Draft): Promise<Signed> {
  const message = { ...draft, alg: signer.key.alg, kid: certificate.ref };
  return { ...message, signature: await signer.sign(toBeSigned(message)) };
}
