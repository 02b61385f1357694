import {
  type Algorithm,
  type Bytes,
  concat,
  type SignatureCheck,
  sha256,
  unwrap,
} from '@tallystick/protocol';
import { softwarePublicKey, softwareSecretKey, softwareSign } from '@tallystick/protocol/software';
import type { Element } from '@tallystick/tre';
import {
  boot,
  type Effect,
  type EffectAnswer,
  type Identity,
  type State,
  step,
} from '@tallystick/trusted-app';
import type { Random } from './random.ts';

/** Everything a purse keeps outside its keys: what a thief copies and a rollback puts back. */
export interface Storage {
  readonly state: Bytes | null;
  readonly log: ReadonlyMap<number, Bytes>;
  readonly logEnd: number;
}

export type Commit = Extract<Effect, { kind: 'commit' }>;

/** What the world does to a device while it works. */
export interface Conditions {
  readonly identity: Identity;
  /** The device's own clock, in seconds; null where it has none. */
  clock(): number | null;
  verify(check: SignatureCheck): boolean;
  /** Asked before each effect: `crash` cuts the power there, `fail` fails a commit. */
  before(effect: Effect): 'go' | 'crash' | 'fail';
  /** Told after each commit: this is the true state of the device. */
  committed(effect: Commit): void;
}

/** The power failed: the command has no reply, and everything volatile is gone. */
class PowerFailure extends Error {}

/** A device of the simulated world: the real trusted application on a disk that can be torn. */
export class SimElement implements Element {
  readonly #conditions: Conditions;
  /** Keys survive everything, as in hardware; a clone has the same ones. */
  readonly #keySeed: Bytes;
  readonly #random: Random;
  #storage: Storage = { state: null, log: new Map(), logEnd: 0 };
  #state: State | null = null;

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
    const booted = unwrap(boot(this.#conditions.identity, state, logEnd));
    const kept = new Map([...log].filter(([seq]) => seq <= booted.logEnd));
    this.#storage = { state, log: kept, logEnd: booted.logEnd };
    this.#state = booted.state;
  }

  /** Puts an older copy of the disk back. */
  rollback(to: Storage): void {
    this.#storage = to;
    this.powerOn();
  }

  async execute(command: Bytes): Promise<Bytes> {
    if (this.#state === null) throw new PowerFailure('the device is off');
    let turn = step(this.#state, { kind: 'command', bytes: command });
    for (let effect = turn.effects[0]; effect !== undefined; effect = turn.effects[0]) {
      const fate = this.#conditions.before(effect);
      if (fate === 'crash') {
        this.powerOff();
        throw new PowerFailure(`before ${effect.kind}`);
      }
      turn = step(turn.state, {
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
        return softwareSign(effect.alg, this.#secret(effect.slot, effect.alg), effect.message);
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

  #secret(slot: number, alg: Algorithm): Bytes {
    const half = (part: number): Bytes => sha256(this.#keySeed, Uint8Array.of(slot, part));
    return softwareSecretKey(alg, concat(half(0), half(1)));
  }
}
