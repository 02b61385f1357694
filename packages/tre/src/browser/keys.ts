import {
  type Algorithm,
  type Bytes,
  err,
  ok,
  publicKey,
  type Result,
  toHex,
} from '@tallystick/protocol';
import type { SealedContent } from '../isolated/content.ts';
import { type BrowserKey, generateKey, signWith, webVerifier } from './crypto.ts';
import type { Storage } from './storage.ts';

type KeyRow = SealedContent['keys'][number];

/** What a key signs when its purse is opened, to show that it is the one that the state names. */
const PROOF = new TextEncoder().encode('tallystick: this key belongs to the state that names it');

/** The signing keys of a purse. Storage has them as keys that nobody can export; the state says which is which. */
export class BrowserKeys {
  readonly #slots: Map<number, BrowserKey>;
  /** Made since the last commit. */
  readonly #staged: Map<number, BrowserKey> = new Map();

  private constructor(slots: Map<number, BrowserKey>) {
    this.#slots = slots;
  }

  /** The keys that a state names. Fails with TAMPERED where one is missing, or another lies in its place. */
  static async open(storage: Storage, rows: readonly KeyRow[]): Promise<Result<BrowserKeys>> {
    const slots = new Map<number, BrowserKey>();
    const verify = webVerifier(1);
    for (const { slot, alg, secret } of rows) {
      const half = publicKey(alg, secret);
      const key = await storage.key(nameOf(slot, secret));
      const signature = key === null ? null : await proofBy({ key, half });
      if (key === null || signature === null) return err('TAMPERED', `key ${slot} is missing`);
      if (!(await verify({ key: half, message: PROOF, signature }))) {
        return err('TAMPERED', `key ${slot} is another than the state names`);
      }
      slots.set(slot, { key, half });
    }
    return ok(new BrowserKeys(slots));
  }

  async generate(slot: number, alg: Algorithm): Promise<Bytes | null> {
    const key = await generateKey(alg);
    if (key === null) return null;
    this.#staged.set(slot, key);
    return key.half.bytes;
  }

  sign(slot: number, alg: Algorithm, message: Bytes): Promise<Bytes> {
    const key = this.#staged.get(slot) ?? this.#slots.get(slot);
    if (key?.half.alg !== alg) throw new RangeError(`slot ${slot} has no key for algorithm ${alg}`);
    return signWith(key, message);
  }

  /** What the next commit has to do about keys. */
  staged(): {
    readonly rows: readonly KeyRow[];
    readonly newKeys: readonly (readonly [string, CryptoKey])[];
    readonly oldKeys: readonly string[];
  } {
    const after = [...new Map([...this.#slots, ...this.#staged])];
    return {
      rows: after.map(([slot, { half }]) => ({ slot, alg: half.alg, secret: half.bytes })),
      newKeys: [...this.#staged].map(([slot, { key, half }]) => [nameOf(slot, half.bytes), key]),
      oldKeys: [...this.#staged.keys()].flatMap((slot) => {
        const replaced = this.#slots.get(slot);
        return replaced === undefined ? [] : [nameOf(slot, replaced.half.bytes)];
      }),
    };
  }

  /** The commit has happened, or was refused: then its new keys were promised to nobody. */
  settle(isDone: boolean): void {
    if (isDone) for (const [slot, key] of this.#staged) this.#slots.set(slot, key);
    this.#staged.clear();
  }
}

function nameOf(slot: number, half: Bytes): string {
  return `signing ${slot} ${toHex(half)}`;
}

/** Null where a key of another kind lies in its place. */
async function proofBy(key: BrowserKey): Promise<Bytes | null> {
  try {
    return await signWith(key, PROOF);
  } catch {
    return null;
  }
}
