import {
  type Algorithm,
  type Bytes,
  ML_DSA_44,
  type Seconds,
  sha256,
  type SignatureCheck,
} from '@tallystick/protocol';
import {
  softwarePublicKey,
  softwareSecretKey,
  softwareSign,
  softwareVerify,
} from '@tallystick/protocol/software';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import type { Held, Host } from '../port.ts';
import type { MemoryDisk, MemoryKey } from './disk.ts';
import { cutNow, type Faults, noFaults, PowerFailure } from './faults.ts';

export interface MemoryHostOptions {
  /** What is kept; a host opened on it later finds it again. */
  readonly disk: MemoryDisk;
  /** The only source of randomness, for keys too: the same bytes give the same replies. */
  readonly random: (length: number) => Bytes;
  readonly clock: () => Seconds | null;
  /** The platform's check of the holder; without one it always refuses. */
  readonly assertHolder?: (challenge: Bytes) => boolean;
  /** Faults to have; none where it is left out. */
  readonly faults?: Faults;
  /** A faster verifier than the one in plain JavaScript. It must agree with it on every input. */
  readonly verify?: (check: SignatureCheck) => boolean;
}

/**
 * An environment with everything in memory, for simulations and tests: deterministic, without
 * timers, with faults on demand. It guards nothing: its keys and PINs lie open, and its PIN hash is
 * a single SHA-256, as no PIN here is worth the time of a slow one.
 */
export function memoryHost(options: MemoryHostOptions): Host {
  return new MemoryHost(options);
}

class MemoryHost implements Host {
  readonly #options: MemoryHostOptions;
  readonly #disk: MemoryDisk;
  readonly #faults: Faults;
  /** Keys made since the last commit: the next one keeps them. */
  readonly #newKeys: Map<number, MemoryKey> = new Map();

  constructor(options: MemoryHostOptions) {
    this.#options = options;
    this.#disk = options.disk;
    this.#faults = options.faults ?? noFaults();
  }

  load(): Promise<Held> {
    return Promise.resolve({ state: this.#disk.state, logEnd: this.#disk.logEnd });
  }

  truncateLog(end: number): Promise<void> {
    for (const seq of this.#disk.log.keys()) if (seq > end) this.#disk.log.delete(seq);
    this.#disk.logEnd = end;
    return Promise.resolve();
  }

  async carryOut(effect: Effect): Promise<EffectAnswer> {
    const cut = cutNow(this.#faults);
    if (cut === null) return this.#answer(effect);
    if (cut === 'torn' && effect.kind === 'commit') this.#appendLog(effect);
    if (cut === 'after') this.#answer(effect);
    throw new PowerFailure();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #answer(effect: Effect): EffectAnswer {
    switch (effect.kind) {
      case 'random':
        return this.#options.random(effect.length);
      case 'generate-key':
        // Nothing here signs with ML-DSA yet.
        return effect.alg === ML_DSA_44 ? null : this.#generate(effect.slot, effect.alg);
      case 'sign':
        return softwareSign(effect.alg, this.#secret(effect.slot, effect.alg), effect.message);
      case 'verify':
        return (this.#options.verify ?? softwareVerify)(effect.check);
      case 'stretch':
        return sha256(effect.salt, effect.pin);
      case 'assert-holder':
        return this.#options.assertHolder?.(effect.challenge) ?? false;
      case 'attest':
        return new Uint8Array(0);
      case 'clock':
        return this.#options.clock();
      case 'read-log':
        return this.#disk.log.get(effect.seq) ?? null;
      case 'commit':
        return this.#commit(effect);
    }
  }

  #generate(slot: number, alg: Algorithm): Bytes {
    const secret = softwareSecretKey(alg, this.#options.random(48));
    this.#newKeys.set(slot, { alg, secret });
    return softwarePublicKey(alg, secret).bytes;
  }

  #secret(slot: number, alg: Algorithm): Bytes {
    const key = this.#newKeys.get(slot) ?? this.#disk.keys.get(slot);
    if (key?.alg !== alg) throw new Error(`slot ${slot} has no key for algorithm ${alg}`);
    return key.secret;
  }

  #commit(effect: Extract<Effect, { kind: 'commit' }>): boolean {
    if (this.#faults.commitsToRefuse > 0) {
      this.#faults.commitsToRefuse -= 1;
      this.#newKeys.clear();
      return false;
    }
    this.#appendLog(effect);
    this.#disk.state = effect.state;
    for (const [slot, key] of this.#newKeys) this.#disk.keys.set(slot, key);
    this.#newKeys.clear();
    for (const seq of this.#disk.log.keys()) if (seq < effect.keepFrom) this.#disk.log.delete(seq);
    return true;
  }

  #appendLog({ append, logEnd }: Extract<Effect, { kind: 'commit' }>): void {
    append.forEach((entry, index) => {
      this.#disk.log.set(logEnd - append.length + 1 + index, entry);
    });
    this.#disk.logEnd = logEnd;
  }
}
