import {
  type Algorithm,
  type Bytes,
  type Cbor,
  concat,
  decodePurseCertificate,
  encodeCbor,
  encodeSigned,
  equal,
  ML_DSA_44,
  NO_EXTERNAL,
  type Result,
  type Seconds,
  sha256,
  toBeSigned,
  toHex,
  unwrap,
} from '@tallystick/protocol';
import {
  softwarePublicKey,
  softwareSecretKey,
  softwareSign,
  softwareVerify,
} from '@tallystick/protocol/software';
import { type Command, encodeCommand } from '../command.ts';
import type { Effect, EffectAnswer } from '../effects.ts';
import { isPurse, type Purse } from '../purse.ts';
import { readReply, type Reply } from '../reply.ts';
import { boot, type State, step } from '../step.ts';
import { decodeStored, encodeStored } from '../stored.ts';
import { START, TEST_MEASUREMENT } from './scheme.ts';

/** What a thief of the storage copies. */
export interface Backup {
  readonly stored: Bytes | null;
  readonly log: ReadonlyMap<number, Bytes>;
  readonly logEnd: number;
}

interface TestKey {
  readonly alg: Algorithm;
  readonly secret: Bytes;
}

export type Commit = Extract<Effect, { kind: 'commit' }>;

/** The outcome of a command: a reply, or a refusal. */
export type Outcome = Result<Exclude<Reply, { kind: 7 }>>;

/**
 * A device with everything in memory: deterministic keys and randomness, a clock to set, storage to
 * tear. It runs the trusted application synchronously, and throws when that commits a state it could
 * not start from again.
 */
export class TestDevice {
  clock: Seconds | null = START;
  holderConfirms = false;
  /** Fail the commit that comes next. */
  storageFails = false;
  /** Stop before carrying out this many more effects, as if the power failed. */
  powerAfterEffects: number | null = null;
  /** When the power fails at a commit, its log entries are there afterwards, but not its state. */
  tearsCommits = false;
  /** Told of each commit once it is durable. */
  committed: ((effect: Commit) => void) | null = null;
  /** Takes each step in the place of the trusted application itself. */
  stepWith: typeof step = step;
  /** Answers in the place of the environment; undefined lets it answer itself. */
  meddle: ((effect: Effect) => EffectAnswer | undefined) | null = null;
  readonly effects: Effect['kind'][] = [];
  /** Every message signed, in order. */
  readonly signed: Bytes[] = [];
  stored: Bytes | null = null;
  log: Map<number, Bytes> = new Map();
  logEnd = 0;
  #state: State;
  #drawn = 0;
  /** Hardware keeps its keys whatever happens to the storage. */
  #keys: Map<number, TestKey> = new Map();
  readonly #label: string;

  constructor(label: string) {
    this.#label = label;
    this.#state = this.#boot();
  }

  #boot(): State {
    const identity = { environment: 'test', measurement: TEST_MEASUREMENT };
    const booted = unwrap(boot(identity, this.stored, this.logEnd));
    for (const seq of this.log.keys()) if (seq > booted.logEnd) this.log.delete(seq);
    this.logEnd = booted.logEnd;
    return booted.state;
  }

  /** Power off and on: everything volatile is gone. */
  restart(): void {
    this.#state = this.#boot();
  }

  /** The committed state of a personalised purse. */
  get purse(): Purse {
    const stored = this.stored === null ? null : decodeStored(this.stored);
    if (stored === null || !isPurse(stored)) throw new Error('the purse is not personalised');
    return stored;
  }

  /** Puts other values into the committed state, for what would take too long to bring about. */
  edit(change: Partial<Purse>): void {
    this.stored = encodeStored({ ...this.purse, ...change });
    this.logEnd = Math.max(this.logEnd, change.seq ?? 0);
    this.restart();
  }

  backup(): Backup {
    return { stored: this.stored, log: new Map(this.log), logEnd: this.logEnd };
  }

  /** Puts an old copy of the storage back. */
  rollback(to: Backup): void {
    this.stored = to.stored;
    this.log = new Map(to.log);
    this.logEnd = to.logEnd;
    this.restart();
  }

  /** Another device with the same keys and storage: what a thief makes of extracted keys. */
  clone(label: string): TestDevice {
    const copy = new TestDevice(label);
    copy.#keys = new Map(this.#keys);
    copy.rollback(this.backup());
    return copy;
  }

  /** Signs whatever it is told to, under one of its certificates: what a broken element does. */
  forge(certificate: Bytes, payload: Cbor, external: Bytes = NO_EXTERNAL): Bytes {
    const { key, ref } = decodePurseCertificate(certificate);
    for (const { alg, secret } of this.#keys.values()) {
      if (!equal(softwarePublicKey(alg, secret).bytes, key.bytes)) continue;
      const message = { alg, kid: ref, external, payload: encodeCbor(payload) };
      const signature = softwareSign(alg, secret, toBeSigned(message));
      return encodeSigned({ ...message, signature });
    }
    throw new Error('this device has no such key');
  }

  /** Runs a command to its reply. */
  run(command: Command): Outcome {
    const reply = this.runBytes(encodeCommand(command));
    if (reply === null) throw new Error('the power failed');
    return readReply(reply);
  }

  /** Runs a command that must succeed with a reply of this kind. */
  get<K extends Exclude<Reply['kind'], 7>>(command: Command, kind: K): Extract<Reply, { kind: K }> {
    const reply = unwrap(this.run(command));
    if (reply.kind !== kind) throw new Error(`reply of kind ${reply.kind}, not ${kind}`);
    return reply as Extract<Reply, { kind: K }>;
  }

  /** The code a command is refused with, or `OK`. */
  code(command: Command): string {
    const outcome = this.run(command);
    return outcome.ok ? 'OK' : outcome.error.code;
  }

  /** Runs encoded bytes; null when the power failed on the way. */
  runBytes(bytes: Bytes): Bytes | null {
    let turn = this.stepWith(this.#state, { kind: 'command', bytes });
    for (let effect = turn.effects[0]; effect !== undefined; effect = turn.effects[0]) {
      if (this.powerAfterEffects === 0) {
        this.powerAfterEffects = null;
        if (effect.kind === 'commit' && this.tearsCommits) this.#append(effect);
        this.restart();
        return null;
      }
      if (this.powerAfterEffects !== null) this.powerAfterEffects--;
      this.effects.push(effect.kind);
      const answer = this.meddle?.(effect);
      const event = answer === undefined ? this.#carryOut(effect) : answer;
      turn = this.stepWith(turn.state, { kind: 'answer', answer: event });
    }
    this.#state = turn.state;
    return turn.reply;
  }

  #carryOut(effect: Effect): EffectAnswer {
    switch (effect.kind) {
      case 'random':
        return this.#random(effect.length);
      case 'generate-key':
        // Nothing here signs with ML-DSA yet.
        return effect.alg === ML_DSA_44 ? null : this.#generate(effect.slot, effect.alg);
      case 'sign':
        this.signed.push(effect.message);
        return softwareSign(effect.alg, this.#secret(effect.slot, effect.alg), effect.message);
      case 'verify':
        return verified(effect.check);
      case 'stretch':
        return sha256(effect.salt, effect.pin);
      case 'assert-holder':
        return this.holderConfirms;
      case 'attest':
        return new Uint8Array(0);
      case 'clock':
        return this.clock;
      case 'read-log':
        return this.log.get(effect.seq) ?? null;
      case 'commit':
        return this.#commit(effect);
    }
  }

  #commit(effect: Commit): boolean {
    if (this.storageFails) {
      this.storageFails = false;
      return false;
    }
    if (!equal(encodeStored(decodeStored(effect.state)), effect.state)) {
      throw new Error('the committed state is not the one that would be read back');
    }
    this.stored = effect.state;
    this.#append(effect);
    for (const seq of this.log.keys()) if (seq < effect.keepFrom) this.log.delete(seq);
    this.committed?.(effect);
    return true;
  }

  #append({ append, logEnd }: Commit): void {
    append.forEach((entry, index) => {
      this.log.set(logEnd - append.length + 1 + index, entry);
    });
    this.logEnd = logEnd;
  }

  #generate(slot: number, alg: Algorithm): Bytes {
    const secret = softwareSecretKey(alg, this.#random(64));
    this.#keys.set(slot, { alg, secret });
    return softwarePublicKey(alg, secret).bytes;
  }

  #secret(slot: number, alg: Algorithm): Bytes {
    const key = this.#keys.get(slot);
    if (key?.alg !== alg) throw new Error(`slot ${slot} has no key for algorithm ${alg}`);
    return key.secret;
  }

  #random(length: number): Bytes {
    const draw = this.#drawn++;
    const block = (part: number): Bytes => sha256(encodeCbor([this.#label, draw, part]));
    return concat(
      ...Array.from({ length: Math.ceil(length / 32) }, (_, part) => block(part)),
    ).slice(0, length);
  }
}

/** Verdicts so far: tests verify the same few certificates over and over, in plain JavaScript. */
const verdicts = new Map<string, boolean>();

function verified(check: Parameters<typeof softwareVerify>[0]): boolean {
  const { key, message, signature } = check;
  const name = toHex(sha256(encodeCbor([key.alg, key.bytes, message, signature])));
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const verdict = softwareVerify(check);
  verdicts.set(name, verdict);
  return verdict;
}
