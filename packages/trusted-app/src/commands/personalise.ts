import {
  adopt as adoptCodec,
  type Algorithm,
  type AuthorityCertificate,
  type Bytes,
  checkAuthority,
  checkCertificate,
  checkPolicy,
  checkStatusList,
  decodeAuthority,
  decodePurseCertificate,
  demand,
  encodeCbor,
  encodeSigned,
  enrolment as enrolmentCodec,
  equal,
  GENESIS,
  ISSUER_TIER,
  keyRef,
  NO_EXTERNAL,
  OPERATOR,
  publicKey,
  reject,
  toBeSigned,
  toHex,
  type TrustStore,
  type Unsigned,
} from '@tallystick/protocol';
import { append } from '../append.ts';
import type { CommandOf } from '../command.ts';
import { attest, checked, commit, generateKey, random, sign, type Steps } from '../effects.ts';
import { makePin } from '../holder.ts';
import type { PendingKey, Prepared, Purse } from '../purse.ts';
import { UNLOCKED } from '../purse.ts';
import type { Done, Enrol } from '../reply.ts';
import { tierOf } from '../rules.ts';

/** What the environment says about itself, once, at start. */
export interface Identity {
  /** Name of the environment, such as `plain-process`. */
  readonly environment: string;
  /** SHA-256 of the trusted application's image. */
  readonly measurement: Bytes;
}

/** Makes the first key and asks for its certificate (TS-ENR-1). */
export function* prepare(command: CommandOf<2>, identity: Identity): Steps<Enrol> {
  const pendingKey = yield* makeKey(0, command.alg);
  const pin = command.pin === null ? null : yield* makePin(command.pin);
  yield* commit({ pendingKey, pin });
  const enrolment = yield* signEnrolment(pendingKey, command.challenge, identity);
  return { kind: 2, enrolment, renewal: null };
}

export function* makeKey(slot: number, alg: Algorithm): Steps<PendingKey> {
  const key = yield* generateKey(slot, alg);
  return { slot, alg, key: publicKey(alg, key).bytes };
}

/** A new key's self-signed demand for a certificate, with attestation over the challenge. */
export function* signEnrolment(
  pending: PendingKey,
  challenge: Bytes,
  identity: Identity,
): Steps<Bytes> {
  const evidence = yield* attest(challenge);
  const { alg, key } = pending;
  const message: Unsigned = {
    alg,
    kid: keyRef({ alg, bytes: key }),
    external: NO_EXTERNAL,
    payload: encodeCbor(enrolmentCodec.encode({ alg, key, ...identity, evidence, challenge })),
  };
  return encodeSigned({
    ...message,
    signature: yield* sign(pending.slot, alg, toBeSigned(message)),
  });
}

/** Turns a prepared key into a purse, trusting nothing but the root it is given (TS-ENR-3). */
export function* personalise(prepared: Prepared, command: CommandOf<3>): Steps<Done> {
  const anchor = { scheme: command.scheme, key: publicKey(command.rootAlgorithm, command.rootKey) };
  const authorities = new Map<string, AuthorityCertificate>();
  for (const bytes of command.authorities) {
    const authority = decodeAuthority(bytes);
    yield* checked(checkAuthority(authority, anchor));
    authorities.set(toHex(authority.ref), authority);
  }
  const trust: TrustStore = { anchor, authorities };
  const policy = yield* checked(checkPolicy(command.policy, anchor));
  const operator = decodePurseCertificate(command.operator);
  const above = yield* checked(checkCertificate(operator, trust, policy.issuedAt));
  demand(
    operator.profile.tier === ISSUER_TIER && above.profile.role === OPERATOR,
    'WRONG_ROLE',
    'operator',
  );
  const list = yield* checked(checkStatusList(command.list, operator));
  const certificate = decodePurseCertificate(command.certificate);
  yield* checked(checkCertificate(certificate, trust, list.issuedAt));
  const { alg, key } = prepared.pendingKey;
  demand(certificate.key.alg === alg && equal(certificate.key.bytes, key), 'WRONG_KEY');
  tierOf(policy, certificate);
  const floor = Math.max(policy.issuedAt, list.issuedAt);
  const blank: Purse = {
    scheme: command.scheme,
    rootAlgorithm: command.rootAlgorithm,
    rootKey: command.rootKey,
    authorities: command.authorities,
    keys: [{ slot: prepared.pendingKey.slot, certificate: command.certificate }],
    pendingKey: null,
    secret: yield* random(32),
    seq: 0,
    head: GENESIS,
    ackedTo: 0,
    keepFrom: 1,
    balances: [],
    policy,
    listVersion: list.version,
    revoked: list.revoked,
    bans: [],
    floor,
    closedBefore: 0,
    timeResetVersion: 0,
    syncedAt: floor,
    epoch: 0,
    spentTotal: 0n,
    spentCount: 0,
    open: [],
    answered: [],
    taken: [],
    pin: prepared.pin,
    lock: UNLOCKED,
    statement: null,
  };
  const first = appendAdoption(blank);
  yield* commit(first.purse, [first.entry]);
  return { kind: 0 };
}

/** Writes into the log which issuer data the purse now goes by (TS-POL-4). */
export function appendAdoption(purse: Purse): { purse: Purse; entry: Bytes } {
  if (purse.seq === 0xffff_ffff) return reject('NEEDS_SYNC', 'no positions left');
  const { policy, listVersion, floor } = purse;
  const place = { seq: purse.seq + 1, head: purse.head };
  return append(
    purse,
    adoptCodec.encode({ ...place, policyVersion: policy.version, listVersion, floor }),
  );
}
