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
  decodeSigned,
  demand,
  encodeCbor,
  encodeSigned,
  enrolment as enrolmentCodec,
  enrolmentBinding,
  equal,
  GENESIS,
  keyRef,
  NO_EXTERNAL,
  OPERATOR,
  publicKey,
  toBeSigned,
  toHex,
  type TrustAnchor,
  type TrustStore,
  type Unsigned,
} from '@tallystick/protocol';
import { adoptionPlace, append } from '../append.ts';
import type { CommandOf } from '../command.ts';
import { attest, checked, commit, generateKey, random, sign, type Steps } from '../effects.ts';
import { makePin } from '../holder.ts';
import { freeSlot } from '../own-keys.ts';
import { type PendingKey, type Prepared, type Purse, UNLOCKED } from '../purse.ts';
import type { Done, Enrol } from '../reply.ts';
import { LIST_FORM } from '../revocation.ts';
import { tierOf } from '../rules.ts';
import { isIssuer } from '../trust.ts';

/** What the environment says about itself, once, at start. */
export interface Identity {
  /** Name of the environment, such as `plain-process`. */
  readonly environment: string;
  /** SHA-256 of the trusted application's image. */
  readonly measurement: Bytes;
}

/** Makes the first key and asks for its certificate (TS-ENR-1). Asked again, it starts over. */
export function* prepare(
  before: Prepared | null,
  command: CommandOf<2>,
  identity: Identity,
): Steps<Enrol> {
  const used = before === null ? [] : [before.pendingKey.slot];
  const pendingKey = yield* makeKey(freeSlot(used), command.alg);
  const pin = command.pin === null ? null : yield* makePin(command.pin);
  yield* commit({ pendingKey, pin });
  const enrolment = yield* signEnrolment(pendingKey, command.challenge, identity);
  return { kind: 2, enrolment, renewal: null };
}

export function* makeKey(slot: number, alg: Algorithm): Steps<PendingKey> {
  const key = yield* generateKey(slot, alg);
  return { slot, alg, key: publicKey(alg, key).bytes };
}

/** A new key's self-signed demand for a certificate, with evidence of where it lives. */
export function* signEnrolment(
  pending: PendingKey,
  challenge: Bytes,
  identity: Identity,
): Steps<Bytes> {
  const { slot, alg, key } = pending;
  const said = { alg, key, ...identity, challenge };
  const evidence = yield* attest(slot, enrolmentBinding(said));
  const message: Unsigned = {
    alg,
    kid: keyRef({ alg, bytes: key }),
    external: NO_EXTERNAL,
    payload: encodeCbor(enrolmentCodec.encode({ ...said, evidence })),
  };
  return encodeSigned({
    ...message,
    signature: yield* sign(slot, alg, toBeSigned(message)),
  });
}

/** Turns a prepared key into a purse, trusting nothing but the root it is given (TS-ENR-3). */
export function* personalise(prepared: Prepared, command: CommandOf<3>): Steps<Done> {
  const anchor = { scheme: command.scheme, key: publicKey(command.rootAlgorithm, command.rootKey) };
  const given = command.authorities.map(decodeAuthority);
  const operator = decodePurseCertificate(command.operator);
  const certificate = decodePurseCertificate(command.certificate);
  const policy = yield* checked(checkPolicy(command.policy, anchor));
  const authorities = yield* checkedAuthorities(given, anchor);
  const trust: TrustStore = { anchor, authorities };
  const above = yield* checked(checkCertificate(operator, trust, policy.issuedAt));
  const isOperator = isIssuer(operator) && above.profile.role === OPERATOR;
  demand(isOperator, 'WRONG_ROLE', 'not an issuing key of the operator');
  const list = yield* checked(checkStatusList(command.list, operator));
  tierOf(policy, certificate);
  const floor = Math.max(policy.issuedAt, list.issuedAt);
  yield* checked(checkCertificate(certificate, trust, floor));
  const { alg, key } = prepared.pendingKey;
  demand(certificate.key.alg === alg && equal(certificate.key.bytes, key), 'WRONG_KEY');
  const first = appendAdoption({
    scheme: command.scheme,
    rootAlgorithm: command.rootAlgorithm,
    rootKey: command.rootKey,
    authorities: command.authorities,
    keys: [{ slot: prepared.pendingKey.slot, certificate: command.certificate }],
    secret: yield* random(32),
    policy,
    listVersion: list.version,
    list: decodeSigned(command.list, NO_EXTERNAL, LIST_FORM).payload,
    floor,
    syncedAt: floor,
    pin: prepared.pin,
    ...BLANK,
  });
  yield* commit(first.purse, [first.entry]);
  return { kind: 0 };
}

function* checkedAuthorities(
  given: readonly AuthorityCertificate[],
  anchor: TrustAnchor,
): Steps<ReadonlyMap<string, AuthorityCertificate>> {
  const authorities = new Map<string, AuthorityCertificate>();
  for (const authority of given) {
    yield* checked(checkAuthority(authority, anchor));
    authorities.set(toHex(authority.ref), authority);
  }
  return authorities;
}

/** A purse that has done nothing yet. */
const BLANK = {
  pendingKey: null,
  seq: 0,
  head: GENESIS,
  ackedTo: 0,
  keepFrom: 1,
  balances: [],
  late: [],
  bans: [],
  closedBefore: 0,
  timeResetVersion: 0,
  epoch: 0,
  spentTotal: 0n,
  spentCount: 0,
  open: [],
  answered: [],
  taken: [],
  lock: UNLOCKED,
  statement: null,
} as const satisfies Partial<Purse>;

/** Writes into the log which issuer data the purse now goes by (TS-POL-4). Rejects: NEEDS_SYNC. */
export function appendAdoption(purse: Purse): { purse: Purse; entry: Bytes } {
  const { policy, listVersion, floor } = purse;
  const place = adoptionPlace(purse);
  return append(
    purse,
    adoptCodec.encode({ ...place, policyVersion: policy.version, listVersion, floor }),
  );
}
