import { type Bytes, err, ok, type Result, type SignedImage } from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { EMPTY, type SealedContent } from '../isolated/content.ts';
import type { Sealer } from '../isolated/sealer.ts';
import type { Held, ImageHost } from '../port.ts';
import { STRETCH_COST, type Surroundings } from '../surroundings.ts';
import { webVerifier } from './crypto.ts';
import { BrowserKeys } from './keys.ts';
import type { Change, Storage } from './storage.ts';

/** How the state lies in storage. */
export type Vault = Pick<Sealer, 'open' | 'seal'>;

/** Issuers, payees and payers whose keys stay imported: more than one device meets in a day. */
const IMPORTED_KEYS = 256;
const HASH_BYTES = 32;

/** Opens what a purse's storage holds; the host closes it. Fails with TAMPERED. */
export async function openHost(
  storage: Storage,
  vault: Vault,
  surroundings: Surroundings,
): Promise<Result<BrowserHost>> {
  const { state, logEnd } = await storage.read();
  if (state === null && logEnd > 0) return err('TAMPERED', 'there is a log, but the state is gone');
  const content = state === null ? ok(EMPTY) : await vault.open(state);
  if (!content.ok) return content;
  const keys = await BrowserKeys.open(storage, content.value.keys);
  if (!keys.ok) return keys;
  const parts = { storage, vault, surroundings, keys: keys.value, logEnd };
  return ok(new BrowserHost(parts, content.value));
}

interface Parts {
  readonly storage: Storage;
  readonly vault: Vault;
  readonly surroundings: Surroundings;
  readonly keys: BrowserKeys;
  readonly logEnd: number;
}

/** A host on what a browser offers: IndexedDB, and keys that it never gives out. */
export class BrowserHost implements ImageHost {
  readonly #parts: Parts;
  #content: SealedContent;
  readonly #verify = webVerifier(IMPORTED_KEYS);

  constructor(parts: Parts, content: SealedContent) {
    this.#parts = parts;
    this.#content = content;
  }

  get manifest(): Bytes | null {
    return this.#content.manifest;
  }

  load(): Promise<Held> {
    return Promise.resolve({ state: this.#content.state, logEnd: this.#parts.logEnd });
  }

  truncateLog(end: number): Promise<void> {
    return this.#parts.storage.truncateLog(end);
  }

  readCode(): Promise<Bytes | null> {
    return this.#parts.storage.code();
  }

  install({ manifest, code }: SignedImage): Promise<boolean> {
    return this.#replace({ ...this.#content, manifest }, { code });
  }

  async carryOut(effect: Effect): Promise<EffectAnswer> {
    const { storage, keys, surroundings } = this.#parts;
    switch (effect.kind) {
      case 'random':
        return crypto.getRandomValues(new Uint8Array(effect.length));
      case 'generate-key':
        return keys.generate(effect.slot, effect.alg);
      case 'sign':
        return keys.sign(effect.slot, effect.alg, effect.message);
      case 'verify':
        return this.#verify(effect.check);
      case 'stretch': {
        const { n, r, p } = surroundings.stretchCost ?? STRETCH_COST;
        return scryptAsync(effect.pin, effect.salt, { N: n, r, p, dkLen: HASH_BYTES });
      }
      case 'assert-holder':
        return (await surroundings.assertHolder?.(effect.challenge)) ?? false;
      case 'attest':
        return (await surroundings.attest?.(effect.binding)) ?? new Uint8Array(0);
      case 'clock':
        return surroundings.clock();
      case 'read-log':
        return storage.entry(effect.seq);
      case 'commit':
        return this.#commit(effect);
    }
  }

  async #commit(effect: Extract<Effect, { kind: 'commit' }>): Promise<boolean> {
    const { state, append, logEnd, keepFrom } = effect;
    const { keys } = this.#parts;
    const { rows, newKeys, oldKeys } = keys.staged();
    const first = logEnd - append.length + 1;
    const entries = append.map((entry, index) => [first + index, entry] as const);
    const change = { append: entries, keepFrom, newKeys, oldKeys };
    const isDone = await this.#replace({ ...this.#content, state, keys: rows }, change);
    keys.settle(isDone);
    return isDone;
  }

  async #replace(content: SealedContent, change: Omit<Change, 'state'>): Promise<boolean> {
    const { storage, vault } = this.#parts;
    const isDone = await storage.commit({ ...change, state: await vault.seal(content) });
    if (isDone) this.#content = content;
    return isDone;
  }

  close(): Promise<void> {
    this.#parts.storage.close();
    return Promise.resolve();
  }
}
