import {
  type Algorithm,
  type Bytes,
  concat,
  encodeCbor,
  ES256,
  type Result,
  type Seconds,
  sha256,
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
import { readReply, type Reply } from '../reply.ts';
import { boot, type State, step } from '../step.ts';
import { START, TEST_MEASUREMENT, type TestParticipant, type TestScheme } from './scheme.ts';

/**
 * A device with everything in memory: deterministic keys and randomness, a clock to set, storage to
 * tear. It runs the trusted application synchronously.
 */
export class TestDevice {
  clock: Seconds | null = START;
  holderConfirms = false;
  /** Fail the commit that comes next. */
  storageFails = false;
  /** Stop before carrying out this many more effects, as if the power failed. */
  powerAfterEffects: number | null = null;
  readonly effects: Effect['kind'][] = [];
  stored: Bytes | null = null;
  log: Map<number, Bytes> = new Map();
  logEnd = 0;
  #state: State;
  #randomCount = 0;
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

  /** What a thief of the storage copies. */
  backup(): { stored: Bytes | null; log: Map<number, Bytes>; logEnd: number } {
    return { stored: this.stored, log: new Map(this.log), logEnd: this.logEnd };
  }

  /** Puts an old copy of the storage back. */
  rollback(to: { stored: Bytes | null; log: Map<number, Bytes>; logEnd: number }): void {
    this.stored = to.stored;
    this.log = new Map(to.log);
    this.logEnd = to.logEnd;
    this.restart();
  }

  /** Runs a command to its reply. */
  run(command: Command): Result<Exclude<Reply, { kind: 7 }>> {
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

  /** Runs encoded bytes; null when the power failed on the way. */
  runBytes(bytes: Bytes): Bytes | null {
    let turn = step(this.#state, { kind: 'command', bytes });
    for (let effect = turn.effects[0]; effect !== undefined; effect = turn.effects[0]) {
      if (this.powerAfterEffects === 0) {
        this.powerAfterEffects = null;
        this.restart();
        return null;
      }
      if (this.powerAfterEffects !== null) this.powerAfterEffects--;
      this.effects.push(effect.kind);
      turn = step(turn.state, { kind: 'answer', answer: this.#carryOut(effect) });
    }
    this.#state = turn.state;
    return turn.reply;
  }

  #carryOut(effect: Effect): EffectAnswer {
    switch (effect.kind) {
      case 'random':
        return this.#random(effect.length);
      case 'generate-key':
        return softwarePublicKey(effect.alg, secretOf(this.#label, effect.slot, effect.alg)).bytes;
      case 'sign':
        return softwareSign(
          effect.alg,
          secretOf(this.#label, effect.slot, effect.alg),
          effect.message,
        );
      case 'verify':
        return softwareVerify(effect.check);
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

  #commit(effect: Extract<Effect, { kind: 'commit' }>): boolean {
    if (this.storageFails) {
      this.storageFails = false;
      return false;
    }
    this.stored = effect.state;
    effect.append.forEach((entry, index) => {
      this.log.set(effect.logEnd - effect.append.length + 1 + index, entry);
    });
    this.logEnd = effect.logEnd;
    for (const seq of this.log.keys()) if (seq < effect.keepFrom) this.log.delete(seq);
    return true;
  }

  #random(length: number): Bytes {
    const block = (part: number): Bytes =>
      sha256(encodeCbor([this.#label, this.#randomCount, part]));
    this.#randomCount++;
    return concat(
      ...Array.from({ length: Math.ceil(length / 32) }, (_, part) => block(part)),
    ).slice(0, length);
  }
}

/** A device that is enrolled and personalised at a participant. */
export function personalised(
  scheme: TestScheme,
  participant: TestParticipant,
  label: string,
  options: { readonly alg?: Algorithm; readonly tier?: number; readonly pin?: Bytes } = {},
): TestDevice & { readonly certificate: Bytes } {
  const device = new TestDevice(label);
  const alg = options.alg ?? ES256;
  device.get({ kind: 2, alg, challenge: new Uint8Array(32), pin: options.pin ?? null }, 2);
  const key = softwarePublicKey(alg, secretOf(label, 0, alg));
  const certificate = participant.certify(key, { tier: options.tier ?? 1 });
  device.get(
    {
      kind: 3,
      scheme: scheme.anchor.scheme,
      rootAlgorithm: scheme.anchor.key.alg,
      rootKey: scheme.anchor.key.bytes,
      authorities: scheme.authorities,
      certificate,
      policy: scheme.signPolicy(),
      list: scheme.signList(),
      operator: scheme.operator.certificate,
    },
    0,
  );
  return Object.assign(device, { certificate });
}

function secretOf(label: string, slot: number, alg: Algorithm): Bytes {
  const seed = [0, 1].map((part) => sha256(encodeCbor([label, 'key', slot, part])));
  return softwareSecretKey(alg, concat(...seed));
}
