import { createHash } from 'node:crypto';
import { type Algorithm, type Bytes, err, ok, type PublicKey, toHex } from '@tallystick/protocol';
import type { Folder } from './folder.ts';
import type { KeyStore, OpenKeys } from './host.ts';
import type { KeyRow } from './state-file.ts';

/** One kind of private key: how it is made and used, and what is written down of it. */
export interface KeyKind<K> {
  /** End of its files' names. */
  readonly suffix: string;
  /** Null for an algorithm that no key of this kind can have. */
  make(alg: Algorithm): K | null | Promise<K | null>;
  publicHalf(key: K): PublicKey;
  sign(key: K, message: Bytes): Bytes | Promise<Bytes>;
  /** Evidence of where the key lives, over a binding (TS-ATT-1); absent where nothing has any. */
  attest?(key: K, binding: Bytes): Promise<Bytes>;
  write(key: K): Bytes;
  /** Null where the bytes are no key that can be used here. */
  read(bytes: Bytes): K | null | Promise<K | null>;
}

const PREFIX = 'key-';

interface Held<K> {
  readonly name: string;
  readonly key: K;
  readonly half: PublicKey;
}

/**
 * Private keys, one file each. The state file says which file serves which slot, so that a key takes
 * effect at the very commit that first speaks of it, and no loss of power can part the two.
 */
class KeyFiles<K> implements KeyStore {
  readonly #kind: KeyKind<K>;
  readonly #folder: Folder;
  readonly #slots: Map<number, Held<K>>;
  /** Made since the last commit; on no disk before the next. */
  readonly #staged: Map<number, Held<K>> = new Map();

  constructor(kind: KeyKind<K>, folder: Folder, slots: Map<number, Held<K>>) {
    this.#kind = kind;
    this.#folder = folder;
    this.#slots = slots;
  }

  async generate(slot: number, alg: Algorithm): Promise<Bytes | null> {
    const key = await this.#kind.make(alg);
    if (key === null) return null;
    const held = hold(this.#kind, slot, key);
    this.#staged.set(slot, held);
    return held.half.bytes;
  }

  async sign(slot: number, alg: Algorithm, message: Bytes): Promise<Bytes> {
    const held = this.#staged.get(slot) ?? this.#slots.get(slot);
    if (held?.half.alg !== alg) {
      throw new RangeError(`slot ${slot} has no key for algorithm ${alg}`);
    }
    return this.#kind.sign(held.key, message);
  }

  async attest(slot: number, binding: Bytes): Promise<Bytes> {
    const held = this.#staged.get(slot) ?? this.#slots.get(slot);
    const evidence = held === undefined ? undefined : this.#kind.attest?.(held.key, binding);
    return (await evidence) ?? new Uint8Array(0);
  }

  async stage(): Promise<readonly KeyRow[]> {
    for (const { name, key } of this.#staged.values()) {
      await this.#folder.write(name, this.#kind.write(key));
    }
    if (this.#staged.size > 0) await this.#folder.sync();
    const after = new Map([...this.#slots, ...this.#staged]);
    return [...after].map(([slot, { name }]) => ({ slot, name }));
  }

  async keep(): Promise<void> {
    for (const [slot, held] of this.#staged) {
      const replaced = this.#slots.get(slot);
      this.#slots.set(slot, held);
      if (replaced !== undefined) await this.#folder.remove(replaced.name);
    }
    this.#staged.clear();
  }

  async drop(): Promise<void> {
    for (const { name } of this.#staged.values()) await this.#folder.remove(name);
    this.#staged.clear();
  }
}

/**
 * Keys of one kind in files. Opening removes key files that the table does not name: a commit that never
 * was left them.
 */
export function keysInFiles<K>(kind: KeyKind<K>): OpenKeys {
  return async (folder, table) => {
    const slots = new Map<number, Held<K>>();
    for (const { slot, name } of table) {
      const bytes = await folder.read(name);
      const key = bytes === null ? null : await kind.read(bytes);
      const held = key === null ? null : hold(kind, slot, key);
      if (held?.name !== name) return err('TAMPERED', `the key file ${name} is missing or changed`);
      slots.set(slot, held);
    }
    const known = new Set(table.map(({ name }) => name));
    for (const name of await folder.list()) {
      if (name.startsWith(PREFIX) && !known.has(name)) await folder.remove(name);
    }
    return ok(new KeyFiles(kind, folder, slots));
  };
}

/** A key under a name that tells it from any other key of its slot. */
function hold<K>(kind: KeyKind<K>, slot: number, key: K): Held<K> {
  const half = kind.publicHalf(key);
  const digest = createHash('sha256').update(half.bytes).digest();
  return { name: `${PREFIX}${slot}-${toHex(digest.subarray(0, 8))}${kind.suffix}`, key, half };
}
