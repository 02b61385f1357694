import {
  type Algorithm,
  algorithmField,
  type Bytes,
  blob,
  type Codec,
  decodeCbor,
  digest,
  encodeCbor,
  fixed,
  label,
  LIMITS,
  list,
  nullable,
  oneOf,
  type Policy,
  policy,
  ref,
  type Seconds,
  seconds,
  tagged,
  totalField,
  tuple,
  uint,
  version,
} from '@tallystick/protocol';

/** A key of this purse, with its certificate. The last one signs; older ones only receive. */
export interface OwnKey {
  readonly slot: number;
  readonly certificate: Bytes;
}

/** A key that waits for its certificate. */
export interface PendingKey {
  readonly slot: number;
  readonly alg: Algorithm;
  readonly key: Bytes;
}

/** Part of a payment, by the hop sub-balance it was taken from (TS-PAY-9). */
export interface Part {
  readonly hop: number;
  readonly amount: bigint;
}

/** An own payment that nobody has settled for good yet. */
export interface OpenPayment {
  readonly seq: number;
  readonly id: Bytes;
  readonly payee: Bytes;
  readonly parts: readonly Part[];
  readonly acceptBy: Seconds;
  /** 0 in doubt, 1 accepted by a receipt or an answer. */
  readonly state: 0 | 1;
}

export const ACCEPTED = 1;
export const VOIDED = 2;

/** Replay memory: how a payment to this purse was answered (TS-VOI-2). */
export interface Answered {
  readonly id: Bytes;
  /** Position of the receipt or void. */
  readonly seq: number;
  readonly verdict: typeof ACCEPTED | typeof VOIDED;
  readonly acceptBy: Seconds;
}

/** What was taken from one payer since the last sync (TS-LIM-9). */
export interface Taken {
  readonly payer: Bytes;
  readonly total: bigint;
}

/** A certificate banned because of a fork proof this purse checked itself (TS-FRK-4). */
export interface Ban {
  readonly ref: Bytes;
  readonly statusIndex: number;
}

export interface Pin {
  readonly salt: Bytes;
  readonly hash: Bytes;
  readonly triesLeft: number;
}

export interface MadeStatement {
  readonly seq: number;
  readonly id: Bytes;
}

export const UNLOCKED = 0;
export const HOLDER_LOCK = 1;
export const TAMPER_LOCK = 2;

/** The committed state of a personalised purse: small, and everything its rules need. */
export interface Purse {
  readonly scheme: string;
  readonly rootAlgorithm: Algorithm;
  readonly rootKey: Bytes;
  readonly authorities: readonly Bytes[];
  readonly keys: readonly OwnKey[];
  readonly pendingKey: PendingKey | null;
  /** Secret behind log salts and request tags. */
  readonly secret: Bytes;
  /** Position of the last log entry, and the head after it. */
  readonly seq: number;
  readonly head: Bytes;
  readonly ackedTo: number;
  /** First log entry still kept. */
  readonly keepFrom: number;
  /** Sub-balances by hop count, lowest first. */
  readonly balances: readonly bigint[];
  readonly policy: Policy;
  readonly listVersion: number;
  /** Revoked status indices, ascending. */
  readonly revoked: readonly number[];
  readonly bans: readonly Ban[];
  /** Highest issuer-signed time seen (TS-TIM-2). */
  readonly floor: Seconds;
  /** Payments that had to be accepted before this are never accepted (TS-TIM-6). */
  readonly closedBefore: Seconds;
  readonly timeResetVersion: number;
  readonly syncedAt: Seconds;
  readonly epoch: number;
  readonly spentTotal: bigint;
  readonly spentCount: number;
  readonly open: readonly OpenPayment[];
  readonly answered: readonly Answered[];
  readonly taken: readonly Taken[];
  readonly pin: Pin | null;
  readonly lock: typeof UNLOCKED | typeof HOLDER_LOCK | typeof TAMPER_LOCK;
  readonly statement: MadeStatement | null;
}

const message = blob(LIMITS.messageBytes);
const slot = uint(255);
const seq = uint(LIMITS.position);

const pendingKey: Codec<PendingKey> = tuple<PendingKey>({
  slot,
  alg: algorithmField,
  key: blob(2_000, 32),
});

const purse: Codec<Purse> = tagged<Purse>(1, {
  scheme: label(),
  rootAlgorithm: algorithmField,
  rootKey: blob(2_000, 32),
  authorities: list(message, 64),
  keys: list(tuple<OwnKey>({ slot, certificate: message }), LIMITS.ownCertificates),
  pendingKey: nullable(pendingKey),
  secret: fixed(32),
  seq,
  head: digest,
  ackedTo: seq,
  keepFrom: seq,
  balances: list(totalField, LIMITS.hopsMax + 1),
  policy,
  listVersion: version,
  revoked: list(uint(LIMITS.listEntries - 1), LIMITS.listEntries),
  bans: list(tuple<Ban>({ ref, statusIndex: uint(LIMITS.listEntries - 1) }), LIMITS.bans),
  floor: seconds,
  closedBefore: seconds,
  timeResetVersion: version,
  syncedAt: seconds,
  epoch: version,
  spentTotal: totalField,
  spentCount: uint(LIMITS.openPayments),
  open: list(
    tuple<OpenPayment>({
      seq,
      id: digest,
      payee: ref,
      parts: list(
        tuple<Part>({ hop: uint(LIMITS.hopsMax), amount: totalField }),
        LIMITS.hopsMax + 1,
      ),
      acceptBy: seconds,
      state: oneOf(0, 1),
    }),
    LIMITS.openPayments,
  ),
  answered: list(
    tuple<Answered>({ id: digest, seq, verdict: oneOf(ACCEPTED, VOIDED), acceptBy: seconds }),
    LIMITS.answeredPayments,
  ),
  taken: list(tuple<Taken>({ payer: ref, total: totalField }), LIMITS.payers),
  pin: nullable(tuple<Pin>({ salt: fixed(16), hash: fixed(32), triesLeft: uint(15) })),
  lock: oneOf(UNLOCKED, HOLDER_LOCK, TAMPER_LOCK),
  statement: nullable(tuple<MadeStatement>({ seq, id: digest })),
});

/** A key was made and waits for enrolment; there is no purse yet. */
export interface Prepared {
  readonly pendingKey: PendingKey;
  readonly pin: Pin | null;
}

const prepared: Codec<Prepared> = tagged<Prepared>(0, {
  pendingKey,
  pin: nullable(tuple<Pin>({ salt: fixed(16), hash: fixed(32), triesLeft: uint(15) })),
});

/** What an environment keeps for us: a purse, or the key of one to be. */
export type Stored = Purse | Prepared;

export function isPurse(stored: Stored): stored is Purse {
  return 'keys' in stored;
}

export function encodeStored(stored: Stored): Bytes {
  return encodeCbor(isPurse(stored) ? purse.encode(stored) : prepared.encode(stored));
}

/** Reads a committed state, in full or not at all. Rejects with the decoding codes. */
export function decodeStored(bytes: Bytes): Stored {
  const item = decodeCbor(bytes, LIMITS.stateBytes);
  return Array.isArray(item) && item[0] === 0
    ? prepared.decode(item, 'state')
    : purse.decode(item, 'state');
}

/** Total over all hops, in minor units. */
export function balanceOf(of: Purse): bigint {
  return of.balances.reduce((total, each) => total + each, 0n);
}

/** The key that signs now. */
export function currentKey(of: Purse): OwnKey {
  const key = of.keys.at(-1);
  if (key === undefined) throw new TypeError('a personalised purse has a key');
  return key;
}
