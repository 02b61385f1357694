import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Algorithm, Bytes, SignatureCheck, SignedImage } from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import { generateKey, nativeSign, nativeVerifier, publicHalf } from '../node/native-crypto.ts';
import { stretch, type StretchCost } from '../node/stretch.ts';
import type { Held, ImageHost } from '../port.ts';
import type { Call } from './port.ts';
import { seal, type SealedContent } from './sealing.ts';

/** Issuers, payees and payers whose keys stay imported: more than one device meets in a day. */
const IMPORTED_KEYS = 256;

export interface SealedHostOptions {
  /** What is sealed now. */
  readonly content: SealedContent;
  readonly logEnd: number;
  readonly sealingKey: Bytes;
  readonly stretchCost: StretchCost;
  /** Asks the app. */
  readonly call: (call: Call) => Promise<EffectAnswer>;
}

/**
 * The inside of a virtual secure element, around the trusted application's machine: keys and state are
 * here in the clear and leave it sealed. Storage, clock and holder are the app's.
 */
export class SealedHost implements ImageHost {
  readonly #options: SealedHostOptions;
  #content: SealedContent;
  readonly #keys: Map<number, KeyObject>;
  /** Made since the last commit. */
  readonly #staged: Map<number, KeyObject> = new Map();
  readonly #verify: (check: SignatureCheck) => boolean = nativeVerifier(IMPORTED_KEYS);

  constructor(options: SealedHostOptions) {
    this.#options = options;
    this.#content = options.content;
    this.#keys = new Map(
      options.content.keys.map(({ slot, secret }) => [
        slot,
        createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' }),
      ]),
    );
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
    switch (effect.kind) {
      case 'random':
        return Uint8Array.from(randomBytes(effect.length));
      case 'generate-key':
        return this.#generate(effect.slot, effect.alg);
      case 'sign':
        return nativeSign(this.#key(effect.slot, effect.alg), effect.message);
      case 'verify':
        return this.#verify(effect.check);
      case 'stretch':
        return stretch(effect.pin, effect.salt, this.#options.stretchCost);
      case 'attest':
        return new Uint8Array(0);
      case 'commit':
        return this.#commit(effect);
      default:
        return this.#options.call({ kind: 0, effect });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #generate(slot: number, alg: Algorithm): Bytes | null {
    const key = generateKey(alg);
    if (key === null) return null;
    this.#staged.set(slot, key);
    return publicHalf(key).bytes;
  }

  #key(slot: number, alg: Algorithm): KeyObject {
    const key = this.#staged.get(slot) ?? this.#keys.get(slot);
    if (key === undefined || publicHalf(key).alg !== alg) {
      throw new RangeError(`slot ${slot} has no key for algorithm ${alg}`);
    }
    return key;
  }

  async #commit(effect: Extract<Effect, { kind: 'commit' }>): Promise<boolean> {
    const after = new Map([...this.#keys, ...this.#staged]);
    const keys = [...after].map(([slot, key]) => ({
      slot,
      alg: publicHalf(key).alg,
      secret: Uint8Array.from(key.export({ format: 'der', type: 'pkcs8' })),
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

  /** Only once the app says that it is durable does the next content count. */
  async #replace(next: SealedContent, toCall: (sealed: Bytes) => Call): Promise<boolean> {
    const answer = await this.#options.call(toCall(seal(next, this.#options.sealingKey)));
    if (answer !== true) return false;
    this.#content = next;
    return true;
  }
}
