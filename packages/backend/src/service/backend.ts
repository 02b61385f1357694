import type { Bytes, Policy, Seconds, SignedImage } from '@tallystick/protocol';
import { makeChallenge } from '../attestation/challenge.ts';
import { sealedChallenge } from '../attestation/sealed-challenge.ts';
import type { AttestationVerifier } from '../attestation/verifier.ts';
import { audit, type AuditReport } from '../audit/index.ts';
import type { Authority } from '../authority/authority.ts';
import { openAuthority } from '../authority/authority.ts';
import type { KeyRing, RandomBytes } from '../authority/keys.ts';
import { createShelf } from '../authority/shelf.ts';
import { offeredImage, publishImage, withdrawImage } from '../images/publishing.ts';
import type { RegisteredImage } from '../images/registry.ts';
import type { Outcome } from '../outcome.ts';
import type { Rail } from '../rail/rail.ts';
import {
  type Context,
  ingestMany,
  ledgerHash,
  type Supply,
  type VerifyMany,
} from '../reconciliation/index.ts';
import type { Scheme } from '../scheme/scheme.ts';
import type { Reports, Store } from '../store/port.ts';
import { createDispatcher } from './dispatcher.ts';
import { createInbox } from './inbox.ts';
import { enrol } from './enrolment.ts';
import { finishInterrupted, load, resumeLoads } from './loads.ts';
import { type LostPurse, lostPurse, refundLost, reportLost } from './lost-devices.ts';
import type { Parts } from './parts.ts';
import {
  changePolicy,
  type PolicyPreview,
  type PolicyRules,
  policyRules,
  previewPolicy,
} from './policy-change.ts';
import { renew } from './renewal.ts';
import { type RevocationReason, revokePurse } from './revocation.ts';
import { createDeltas, type ListOrDelta } from './status-delta.ts';
import { steadyClock } from './steady-clock.ts';
import { reportSupply } from './supply-report.ts';
import { sync } from './sync.ts';
import { createTimely } from './timely.ts';
import { authorityWires, freshList } from './welcome.ts';

export interface BackendOptions {
  readonly scheme: Scheme;
  readonly store: Store;
  /** The scheme's own keys. */
  readonly keys: KeyRing;
  readonly rail: Rail;
  readonly verifyMany: VerifyMany;
  /** Issuer time. */
  readonly clock: () => Seconds;
  readonly random: RandomBytes;
  /** Judges of attestation evidence; without any, environments can only assert themselves. */
  readonly attestations?: readonly AttestationVerifier[];
  /** Code that a sandbox registers as its newest image; see {@link AuthorityOptions}. */
  readonly ownImage?: Bytes;
  /** Told what went wrong while messages were delivered; they are delivered with the next. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * The backend of one scheme, as HTTP and the simulator call it. Bodies of devices are deterministic
 * CBOR (TS-API-1); every request of a device may be repeated, and gets the same answer.
 */
export interface Backend {
  readonly authority: Authority;
  readonly rail: Rail;
  readonly reports: Reports;
  challenge(): Bytes;
  /**
   * A challenge inside a credential, for the hardware that introduces itself (TS-ATT-3). Errors: decoding
   * codes, ATTESTATION_REFUSED.
   */
  sealedChallenge(introduction: Bytes): Promise<Outcome<Bytes>>;
  enrol(body: Bytes): Promise<Outcome<Bytes>>;
  load(body: Bytes): Promise<Outcome<Bytes>>;
  sync(body: Bytes): Promise<Outcome<Bytes>>;
  renew(body: Bytes): Promise<Outcome<Bytes>>;
  /** The newest status list, COSE_Sign1. */
  list(): Promise<Bytes>;
  /** A delta from a version to the newest list, where it is complete and shorter; else the list. */
  listSince(version: number): Promise<ListOrDelta>;
  /** The newest revocations after a version that fit so many bytes, as a delta; null without any. */
  newestRevocations(since: number, bytesMax: number): Promise<Bytes | null>;
  /** Certificates of the operator and of every participant. */
  authorities(): readonly Bytes[];
  /** Revokes every certificate of a purse; the version of the list that says so. Errors: UNKNOWN_PURSE. */
  revoke(purse: string, reason: RevocationReason): Promise<Outcome<number>>;
  /** Reports a device lost, once; later it is the first report that counts. Errors: UNKNOWN_PURSE. */
  reportLost(purse: string): Promise<Outcome<LostPurse>>;
  /** A purse with the report of its loss. Errors: UNKNOWN_PURSE when there is none. */
  lostPurse(purse: string): Promise<Outcome<LostPurse>>;
  /** Refunds what is left in lost purses whose horizon has passed; returns how many it refunded. */
  refundLost(): Promise<number>;
  /**
   * Declares an emergency, or its end: the root signs the next policy, with longer windows and lower
   * caps or without (TS-POL-6). Without need it changes nothing. Returns the policy in force.
   */
  setEmergency(on: boolean): Promise<Policy>;
  /** The rules of normal times, as they were decided last. */
  policyRules(): Promise<PolicyRules>;
  /** What the root would sign. Errors: POLICY_REFUSED, POLICY_SAME. */
  previewPolicy(rules: PolicyRules): Promise<Outcome<PolicyPreview>>;
  /**
   * Has the root sign it, if the policy is still the one of version `basis`. Errors: POLICY_REFUSED,
   * POLICY_SAME, POLICY_MOVED.
   */
  changePolicy(rules: PolicyRules, basis: number): Promise<Outcome<Policy>>;
  /** Registered images, oldest first (TS-IMG-5). */
  images(): Promise<readonly RegisteredImage[]>;
  /** The image that devices are to run; null where none stands (TS-IMG-6). */
  offeredImage(): Promise<RegisteredImage | null>;
  /** The code with that SHA-256, where it is an image's. */
  imageCode(sha256: Bytes): Promise<Bytes | null>;
  /**
   * Registers an image that the publisher has signed: the root signs the next policy. Errors: codes of a
   * signed message; UNKNOWN_ISSUER, IMAGE_DIFFERS, IMAGE_DOWNGRADE.
   */
  publishImage(image: SignedImage): Promise<Outcome<RegisteredImage>>;
  /** Withdraws an image: the next policy does not list it. Errors: UNKNOWN_IMAGE. */
  withdrawImage(version: number): Promise<Outcome<RegisteredImage>>;
  supply(): Promise<readonly Supply[]>;
  ledgerHash(): Promise<string>;
  /** Works the whole ledger out again from the facts, by separate code, and compares. */
  audit(): Promise<AuditReport>;
  /** Finishes what a crash interrupted: loads half done, messages not delivered. */
  recover(): Promise<void>;
  /** Delivers every message that is waiting. */
  drain(): Promise<void>;
}

/** Composes a backend, making the scheme's keys, certificates, policy and first list if need be. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const { store, random, verifyMany, rail, scheme } = options;
  const { attestations = [], onFailure = () => undefined } = options;
  const clock = steadyClock(options.clock, (await store.latestList())?.issuedAt ?? 0);
  const authority = await openAuthority({ ...options, clock });
  const context: Context = {
    store,
    verifyMany,
    issuer: authority,
    trust: authority.trust,
    now: clock,
  };
  const shelf = createShelf(store);
  const secret =
    (await shelf.get(CHALLENGE_SECRET)) ??
    (await shelf.putIfAbsent(CHALLENGE_SECRET, random(SECRET_BYTES)));
  const dispatcher = createDispatcher(context, rail, onFailure);
  const parts: Parts = {
    scheme,
    store,
    authority,
    rail,
    verifyMany,
    clock,
    random,
    attestations,
    context,
    dispatcher,
    inbox: createInbox((uploads) => dispatcher.during(() => ingestMany(uploads, context))),
    secret,
  };
  await freshList(parts);
  return assemble(parts, onFailure);
}

const CHALLENGE_SECRET = 'challenge-secret';
const SECRET_BYTES = 32;

function assemble(parts: Parts, onFailure: (error: unknown) => void): Backend {
  const { authority, rail, store, dispatcher } = parts;
  const deltas = createDeltas(parts);
  const timely = createTimely(
    parts.clock,
    async () => {
      await authority.refreshPolicy();
      await refundLost(parts);
    },
    onFailure,
  );
  return {
    authority,
    rail,
    reports: store.reports,
    challenge: () => makeChallenge(parts.secret, parts.random, parts.clock()),
    sealedChallenge: (introduction) => sealedChallenge(parts, introduction),
    enrol: (body) => enrol(parts, body),
    load: async (body) => {
      await finishInterrupted(parts);
      return load(parts, body);
    },
    sync: async (body) => {
      await finishInterrupted(parts);
      await timely();
      return sync(parts, body);
    },
    renew: (body) => renew(parts, body),
    list: async () => {
      await timely();
      return (await freshList(parts)).wire;
    },
    listSince: async (version) => {
      await timely();
      return deltas.since(version);
    },
    newestRevocations: async (since, bytesMax) => {
      await timely();
      return deltas.within(since, bytesMax);
    },
    authorities: () => authorityWires(parts),
    revoke: (purse, reason) => revokePurse(parts, purse, reason),
    reportLost: (purse) => reportLost(parts, purse),
    lostPurse: (purse) => lostPurse(parts, purse),
    refundLost: () => refundLost(parts),
    setEmergency: async (on) => (await authority.setEmergency(on)).value,
    policyRules: () => policyRules(parts),
    previewPolicy: (rules) => previewPolicy(parts, rules),
    changePolicy: (rules, basis) => changePolicy(parts, rules, basis),
    images: () => authority.images.list(),
    offeredImage: () => offeredImage(parts),
    imageCode: (sha256) => authority.images.code(sha256),
    publishImage: (image) => publishImage(parts, image),
    withdrawImage: (version) => withdrawImage(parts, version),
    supply: () => reportSupply(parts),
    ledgerHash: () => ledgerHash(store),
    audit: () => audit({ store, trust: authority.trust, verifyMany: parts.verifyMany }),
    recover: async () => {
      await resumeLoads(parts);
      await refundLost(parts);
      await dispatcher.drain();
    },
    drain: () => dispatcher.drain(),
  };
}
