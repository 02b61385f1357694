import { randomBytes } from 'node:crypto';
import type { Algorithm, Bytes, SignatureCheck, SignedImage } from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import type { KeyKind } from '../node/key-files.ts';
import { nativeVerifier } from '../node/native-crypto.ts';
import { stretch } from '../node/stretch.ts';
import type { StretchCost } from '../surroundings.ts';
import type { Attester, Held, ImageHost } from '../port.ts';
import type { Call } from './port.ts';
import type { Sealer } from './sealer.ts';
import type { SealedContent } from './content.ts';

/** Issuers, payees and payers whose keys stay imported: more than one device meets in a day. */
const IMPORTED_KEYS = 256;

export interface SealedHostOptions<K> {
  readonly logEnd: number;
  readonly keys: KeyKind<K>;
  readonly sealer: Sealer;
  readonly stretchCost: StretchCost;
  readonly attester?: Attester;
  /** Asks the app. */
  readonly call: (call: Call) => Promise<EffectAnswer>;
}

/**
 * The inside of an isolated element, around its trusted application: state and keys are here in the clear,
 * unless hardware has the keys, and leave it sealed. Storage, clock and holder are the app's.
 */
export class SealedHost<K> implements ImageHost {
  readonly attester?: Attester;
  readonly #options: SealedHostOptions<K>;
  #content: SealedContent;
  readonly #keys: Map<number, K>;
  /** Made since the last commit. */
  readonly #staged: Map<number, K> = new Map();
  readonly #verify: (check: SignatureCheck) => boolean = nativeVerifier(IMPORTED_KEYS);

  private constructor(content: SealedContent, keys: Map<number, K>, options: SealedHostOptions<K>) {
    this.#content = content;
    this.#keys = keys;
    this.#options = options;
    if (options.attester !== undefined) this.attester = options.attester;
  }

  /** A host on what was sealed; null where a key of it is none that can be used here. */
  static async on<K>(
    content: SealedContent,
    options: SealedHostOptions<K>,
  ): Promise<SealedHost<K> | null> {
    const keys = new Map<number, K>();
    for (const { slot, secret } of content.keys) {
      const key = await options.keys.read(secret);
      if (key === null) return null;
      keys.set(slot, key);
    }
    return new SealedHost(content, keys, options);
  }

  get manifest(): Bytes | null {
    return this.#content.manifest;
  }

  load(): Promise<Held> {
    return Promise.resolve({ state: this.#content.state, logEnd: this.#options.logEnd });
  }

  async truncateLog(end: number): Promise<void> {
    await this.#options.call({ kind: 3, end });
  }

  async readCode(): Promise<Bytes | null> {
    const code = await this.#options.call({ kind: 1 });
    return code instanceof Uint8Array ? code : null;
  }

  async install({ manifest, code }: SignedImage): Promise<boolean> {
    const next = { ...this.#content, manifest };
    return this.#replace(next, (sealed) => ({ kind: 2, sealed, manifest, code }));
  }

  async carryOut(effect: Effect): Promise<EffectAnswer> {
    const { keys, stretchCost, call } = this.#options;
    switch (effect.kind) {
      case 'random':
        return Uint8Array.from(randomBytes(effect.length));
      case 'generate-key':
        return this.#generate(effect.slot, effect.alg);
      case 'sign':
        return keys.sign(this.#key(effect.slot, effect.alg), effect.message);
      case 'verify':
        return this.#verify(effect.check);
      case 'stretch':
        return stretch(effect.pin, effect.salt, stretchCost);
      case 'assert-holder':
        // Only the app could answer, and it is the app that the holder may be needed against (TS-HLD-4).
        return false;
      case 'attest':
        return this.#attest(effect.slot, effect.binding);
      case 'commit':
        return this.#commit(effect);
      default:
        return call({ kind: 0, effect });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #generate(slot: number, alg: Algorithm): Promise<Bytes | null> {
    const { keys } = this.#options;
    const key = await keys.make(alg);
    if (key === null) return null;
    this.#staged.set(slot, key);
    return keys.publicHalf(key).bytes;
  }

  async #attest(slot: number, binding: Bytes): Promise<Bytes> {
    const key = this.#staged.get(slot) ?? this.#keys.get(slot);
    const evidence = key === undefined ? undefined : this.#options.keys.attest?.(key, binding);
    return (await evidence) ?? new Uint8Array(0);
  }

  #key(slot: number, alg: Algorithm): K {
    const key = this.#staged.get(slot) ?? this.#keys.get(slot);
    if (key === undefined || this.#options.keys.publicHalf(key).alg !== alg) {
      throw new RangeError(`slot ${slot} has no key for algorithm ${alg}`);
    }
    return key;
  }

  async #commit(effect: Extract<Effect, { kind: 'commit' }>): Promise<boolean> {
    const { keys: kind } = this.#options;
    const after = new Map([...this.#keys, ...this.#staged]);
    const keys = [...after].map(([slot, key]) => ({
      slot,
      alg: kind.publicHalf(key).alg,
      secret: kind.write(key),
    }));
    const next = { ...this.#content, state: effect.state, keys };
    const done = await this.#replace(next, (sealed) => ({
      kind: 0,
      effect: { ...effect, state: sealed },
    }));
    // Keys of a commit that was refused were promised to nobody.
    if (done) for (const [slot, key] of this.#staged) this.#keys.set(slot, key);
    this.#staged.clear();
    return done;
  }

  /**
   * First the app stores the next content beside the one before, durably; then the seal lets it count; then
   * the app puts it in its place. Whatever ends this halfway, one of the two opens.
   */
  async #replace(next: SealedContent, toCall: (sealed: Bytes) => Call): Promise<boolean> {
    const { sealer, call } = this.#options;
    if ((await call(toCall(await sealer.seal(next)))) !== true) return false;
    await sealer.confirm();
    if ((await call({ kind: 4 })) !== true) throw new Error('the app did not finish a commit');
    this.#content = next;
    return true;
  }
}
