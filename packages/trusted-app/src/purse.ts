import type { Algorithm, Bytes, Condition, Policy, Seconds } from '@tallystick/protocol';

/** A key of this purse, with its certificate. The last one signs; older ones only answer what is addressed to them. */
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

/** Nobody has said yet whether the payee took it. */
export const IN_DOUBT = 0 as const;
/** A receipt or an answer says that the payee took it. */
export const SETTLED = 1 as const;

/** An own payment that nobody has settled for good yet. */
export interface OpenPayment {
  readonly seq: number;
  readonly id: Bytes;
  readonly payee: Bytes;
  readonly parts: readonly Part[];
  readonly acceptBy: Seconds;
  readonly state: typeof IN_DOUBT | typeof SETTLED;
  /** Whether it counts against the limits since the last sync; money going home does not. */
  readonly counts: boolean;
}

export const ACCEPTED = 1 as const;
export const VOIDED = 2 as const;

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
  /** What it told the backend: an answer lifts no other lock than one the backend has heard of. */
  readonly condition: Condition;
}

/** Locks are bits: what lifts one leaves the other (TS-PUR-6). */
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
  /** Payload of the status list, packed as it was signed: its size is bounded whatever is revoked. */
  readonly list: Bytes;
  /** Status indices that deltas revoke beyond the list, ascending (TS-LST-8). */
  readonly late: readonly number[];
  readonly bans: readonly Ban[];
  /** Highest issuer-signed time seen (TS-TIM-2). */
  readonly floor: Seconds;
  /** Payments that had to be accepted before this are never answered any more (TS-TIM-6). */
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
  /** Bits of {@link HOLDER_LOCK} and {@link TAMPER_LOCK}. */
  readonly lock: number;
  readonly statement: MadeStatement | null;
}

/** A key was made and waits for enrolment; there is no purse yet. */
export interface Prepared {
  readonly pendingKey: PendingKey;
  readonly pin: Pin | null;
}

/** What an environment keeps for us: a purse, or the key of one to be. */
export type Stored = Purse | Prepared;

export function isPurse(stored: Stored): stored is Purse {
  return 'keys' in stored;
}

/** Total over all hops, in minor units. */
export function balanceOf(of: Purse): bigint {
  return of.balances.reduce((total, each) => total + each, 0n);
}

/** What a payment comes to, in minor units. */
export function amountOf(of: OpenPayment): bigint {
  return of.parts.reduce((total, part) => total + part.amount, 0n);
}

/** The key that signs now. */
export function currentKey(of: Purse): OwnKey {
  const key = of.keys.at(-1);
  if (key === undefined) throw new TypeError('a personalised purse has a key');
  return key;
}

export function isTampered(of: Purse): boolean {
  return (of.lock & TAMPER_LOCK) !== 0;
}
