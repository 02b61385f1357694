import {
  ALGORITHMS,
  type Algorithm,
  type Bytes,
  type Checking,
  demand,
  LIMITS,
  type Seconds,
  type SignatureCheck,
} from '@tallystick/protocol';
import type { Stored } from './purse.ts';

/**
 * What a trusted application asks of its environment (TS-TRE-2). An environment carries out one
 * effect at a time and answers with the next event; every gap between two effects is a point where
 * power may fail.
 */
export type Effect =
  /** Random bytes from a cryptographic source. Answer: `length` bytes. */
  | { readonly kind: 'random'; readonly length: number }
  /**
   * Makes a key that never leaves the environment, in a slot that no key in use has. It need not last
   * before the next commit. Answer: raw public key; null where no key here can have that algorithm.
   */
  | { readonly kind: 'generate-key'; readonly slot: number; readonly alg: Algorithm }
  /** Signs with the key of a slot, ES256 in low-S form. Answer: raw signature. */
  | {
      readonly kind: 'sign';
      readonly slot: number;
      readonly alg: Algorithm;
      readonly message: Bytes;
    }
  /** Verifies a signature. Answer: boolean. */
  | { readonly kind: 'verify'; readonly check: SignatureCheck }
  /** Slow, salted hash of a PIN (scrypt with the parameters of TS-HLD-2). Answer: 32 bytes. */
  | { readonly kind: 'stretch'; readonly pin: Bytes; readonly salt: Bytes }
  /** The platform's own check of the holder, such as a fingerprint. Answer: boolean. */
  | { readonly kind: 'assert-holder'; readonly challenge: Bytes }
  /** Evidence of where the key of a slot lives, over a binding (TS-ATT-1). Answer: bytes, empty where there is none. */
  | { readonly kind: 'attest'; readonly slot: number; readonly binding: Bytes }
  /** The local clock, which may lie. Answer: seconds, or null where there is none. */
  | { readonly kind: 'clock' }
  /** Reads back a log entry. Answer: bytes, or null when the store does not have it. */
  | { readonly kind: 'read-log'; readonly seq: number }
  /**
   * Makes a new state durable together with new log entries, all or nothing, and lets the store drop
   * entries before `keepFrom`. Answer: true once durable; false when nothing was changed.
   */
  | {
      readonly kind: 'commit';
      readonly state: Bytes;
      readonly append: readonly Bytes[];
      /** Position of the last entry after this commit. */
      readonly logEnd: number;
      readonly keepFrom: number;
    };

export type EffectAnswer = Bytes | boolean | number | null;

/** A commit as a command asks for it; `step` turns the state into bytes. */
export interface CommitStep {
  readonly kind: 'commit-state';
  readonly stored: Stored;
  readonly append: readonly Bytes[];
}

/** A command in progress: it yields what it needs and is resumed with the answer. */
export type Steps<T> = Generator<Exclude<Effect, { kind: 'commit' }> | CommitStep, T, EffectAnswer>;

/**
 * An answer that is not what was asked for is a fault of the environment, not an outcome: it ends the
 * trusted application, which must then boot again on what is stored (TS-TRE-2).
 */
function bytesAnswer(answer: EffectAnswer, of: string, min: number, max: number = min): Bytes {
  if (answer instanceof Uint8Array && answer.length >= min && answer.length <= max) return answer;
  throw new TypeError(`the environment answered ${of} with something else`);
}

export function* random(length: number): Steps<Bytes> {
  return bytesAnswer(yield { kind: 'random', length }, 'random', length);
}

/** Rejects: UNKNOWN_ALGORITHM where the environment holds no keys of it. */
export function* generateKey(slot: number, alg: Algorithm): Steps<Bytes> {
  const { publicKeyBytes, name } = ALGORITHMS[alg];
  const answer = yield { kind: 'generate-key', slot, alg };
  demand(answer !== null, 'UNKNOWN_ALGORITHM', `this environment holds no key of ${name}`);
  return bytesAnswer(answer, 'generate-key', publicKeyBytes);
}

export function* sign(slot: number, alg: Algorithm, message: Bytes): Steps<Bytes> {
  const { signatureBytes } = ALGORITHMS[alg];
  return bytesAnswer(yield { kind: 'sign', slot, alg, message }, 'sign', signatureBytes);
}

export function* stretch(pin: Bytes, salt: Bytes): Steps<Bytes> {
  return bytesAnswer(yield { kind: 'stretch', pin, salt }, 'stretch', 32);
}

export function* assertHolder(challenge: Bytes): Steps<boolean> {
  return (yield { kind: 'assert-holder', challenge }) === true;
}

export function* attest(slot: number, binding: Bytes): Steps<Bytes> {
  return bytesAnswer(yield { kind: 'attest', slot, binding }, 'attest', 0, LIMITS.evidenceBytes);
}

export function* clock(): Steps<Seconds | null> {
  const answer = yield { kind: 'clock' };
  return typeof answer === 'number' && Number.isInteger(answer) && answer >= 0 ? answer : null;
}

export function* readLog(seq: number): Steps<Bytes | null> {
  const answer = yield { kind: 'read-log', seq };
  return answer instanceof Uint8Array ? answer : null;
}

/** Makes a new state durable, with new log entries. Rejects: STORAGE_FAILED, and nothing has changed. */
export function* commit(stored: Stored, append: readonly Bytes[] = []): Steps<void> {
  demand((yield { kind: 'commit-state', stored, append }) === true, 'STORAGE_FAILED');
}

/** Runs a protocol check, each of its signatures verified by the environment. */
export function* checked<T>(checking: Checking<T>): Steps<T> {
  let turn = checking.next();
  while (turn.done !== true) {
    const verdict = yield { kind: 'verify', check: turn.value };
    turn = checking.next(verdict === true);
  }
  return turn.value;
}
