import {
  type Algorithm,
  type Bytes,
  concat,
  type SignatureCheck,
  sha256,
  unwrap,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSecretKey } from '@tallystick/protocol/software';
import type { Element } from '@tallystick/tre';
import {
  boot,
  COMMAND,
  type Effect,
  type EffectAnswer,
  type Identity,
  type State,
  type step,
} from '@tallystick/trusted-app';
import type { Random } from './random.ts';

/** Everything a purse keeps outside its keys: what a thief copies and a rollback puts back. */
export interface Storage {
  readonly state: Bytes | null;
  readonly log: ReadonlyMap<number, Bytes>;
  readonly logEnd: number;
}

export type Commit = Extract<Effect, { kind: 'commit' }>;

/**
 * What befalls an effect: `crash` cuts the power before it, `tear` in the middle of a commit, when
 * some of the log is written and the state is not; `fail` fails a commit.
 */
export type Incident = 'go' | 'crash' | 'tear' | 'fail';

/** Signs with a secret key of 32 bytes, the same bytes each time. */
export type Sign = (alg: Algorithm, secretKey: Bytes, message: Bytes) => Bytes;

/** What the world does to a device while it works. */
export interface Conditions {
  /** Of the trusted application that runs. */
  identity(): Identity;
  readonly sign: Sign;
  /** The trusted application. */
  readonly step: typeof step;
  /** The device's own clock, in seconds; null where it has none. */
  clock(): number | null;
  verify(check: SignatureCheck): boolean;
  /** Asked before each effect. */
  before(effect: Effect): Incident;
  /** Told after each commit: this is the true state of the device. */
  committed(effect: Commit): void;
}

/** The power failed: the command has no reply, and everything volatile is gone. */
export class PowerFailure extends Error {}

/** A device of the simulated world: the real trusted application on a disk that can be torn. */
export class SimElement implements Element {
  readonly #conditions: Conditions;
  /** Keys survive everything, as in hardware; a clone has the same ones. */
  readonly #keySeed: Bytes;
  readonly #random: Random;
  #storage: Storage = { state: null, log: new Map(), logEnd: 0 };
  #state: State | null = null;
  #lastReceipt: Bytes | null = null;

  constructor(conditions: Conditions, keySeed: Bytes, random: Random) {
    this.#conditions = conditions;
    this.#keySeed = keySeed;
    this.#random = random;
    this.powerOn();
  }

  get storage(): Storage {
    return this.#storage;
  }

  get isOn(): boolean {
    return this.#state !== null;
  }

  powerOff(): void {
    this.#state = null;
  }

  /** Boots on what the disk has; log entries that no state covers are dropped. */
  powerOn(): void {
    const { state, log, logEnd } = this.#storage;
    const booted = unwrap(boot(this.#conditions.identity(), state, logEnd));
    const kept = new Map([...log].filter(([seq]) => seq <= booted.logEnd));
    this.#storage = { state, log: kept, logEnd: booted.logEnd };
    this.#state = booted.state;
  }

  /** Puts an older copy of the disk back. */
  rollback(to: Storage): void {
    this.#storage = to;
    this.powerOn();
  }

  /** The last command that offered the purse a payment: an attacker keeps what passes through its app. */
  get lastReceipt(): Bytes | null {
    return this.#lastReceipt;
  }

  async execute(command: Bytes): Promise<Bytes> {
    if (command[1] === COMMAND.receive) this.#lastReceipt = command;
    if (this.#state === null) throw new PowerFailure('the device is off');
    const { step: advance } = this.#conditions;
    let turn = advance(this.#state, { kind: 'command', bytes: command });
    for (let effect = turn.effects[0]; effect !== undefined; effect = turn.effects[0]) {
      const fate = this.#conditions.before(effect);
      if (fate === 'crash' || fate === 'tear') {
        if (fate === 'tear' && effect.kind === 'commit') this.#tear(effect);
        this.powerOff();
        throw new PowerFailure(`before ${effect.kind}`);
      }
      turn = advance(turn.state, {
        kind: 'answer',
        answer: fate === 'fail' ? false : this.#carryOut(effect),
      });
    }
    this.#state = turn.state;
    if (turn.reply === null) throw new Error('the trusted application neither asked nor replied');
    return turn.reply;
  }

  async readLog(from: number, to: number): Promise<readonly Bytes[]> {
    return Array.from({ length: to - from + 1 }, (_, index) => {
      const entry = this.#storage.log.get(from + index);
      if (entry === undefined) throw new Error(`log entry ${from + index} is missing`);
      return entry;
    });
  }

  async measurement(): Promise<Bytes> {
    return this.#conditions.identity().measurement;
  }

  async close(): Promise<void> {
    this.powerOff();
  }

  #carryOut(effect: Effect): EffectAnswer {
    switch (effect.kind) {
      case 'random':
        return this.#random.bytes(effect.length);
      case 'generate-key':
        return softwarePublicKey(effect.alg, this.#secret(effect.slot, effect.alg)).bytes;
      case 'sign':
        return this.#conditions.sign(
          effect.alg,
          this.#secret(effect.slot, effect.alg),
          effect.message,
        );
      case 'verify':
        return this.#conditions.verify(effect.check);
      case 'stretch':
        return sha256(effect.salt, effect.pin);
      case 'assert-holder':
        return true;
      case 'attest':
        return new Uint8Array(0);
      case 'clock':
        return this.#conditions.clock();
      case 'read-log':
        return this.#storage.log.get(effect.seq) ?? null;
      case 'commit':
        return this.#commit(effect);
    }
  }

  #commit(effect: Commit): boolean {
    const log = new Map(this.#storage.log);
    effect.append.forEach((entry, index) => {
      log.set(effect.logEnd - effect.append.length + 1 + index, entry);
    });
    for (const seq of log.keys()) if (seq < effect.keepFrom) log.delete(seq);
    this.#storage = { state: effect.state, log, logEnd: effect.logEnd };
    this.#conditions.committed(effect);
    return true;
  }

  /** Everything but the last byte of the log's new end reaches the disk, and nothing of the state. */
  #tear({ append, logEnd }: Commit): void {
    const log = new Map(this.#storage.log);
    append.forEach((entry, index) => {
      const isLast = index === append.length - 1;
      log.set(logEnd - append.length + 1 + index, isLast ? entry.slice(0, -1) : entry);
    });
    this.#storage = { ...this.#storage, log, logEnd };
  }

  #secret(slot: number, alg: Algorithm): Bytes {
    const half = (part: number): Bytes => sha256(this.#keySeed, Uint8Array.of(slot, part));
    return softwareSecretKey(alg, concat(half(0), half(1)));
  }
}
