import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import {
  type Algorithm,
  type Bytes,
  err,
  ok,
  type PublicKey,
  type Result,
  toHex,
} from '@tallystick/protocol';
import type { Folder } from '../node/folder.ts';
import { generateKey, nativeSign, publicHalf } from '../node/native-crypto.ts';
import type { KeyRow } from '../node/state-file.ts';
import type { KeyStore } from '../node/host.ts';

const PREFIX = 'key-';

interface Held {
  readonly name: string;
  readonly key: KeyObject;
  readonly half: PublicKey;
}

/**
 * Private keys, one PEM file each, open to the owner of the device: that is the point of this
 * baseline. The state file says which file serves which slot, so that a key takes effect at the very
 * commit that first speaks of it, and no loss of power can part the two.
 */
class KeyFiles implements KeyStore {
  readonly #folder: Folder;
  readonly #slots: Map<number, Held>;
  /** Made since the last commit; on no disk before the next. */
  readonly #staged: Map<number, Held> = new Map();

  constructor(folder: Folder, slots: Map<number, Held>) {
    this.#folder = folder;
    this.#slots = slots;
  }

  /** Makes a key for a slot; returns its public half. */
  generate(slot: number, alg: Algorithm): Bytes {
    const held = hold(slot, generateKey(alg));
    this.#staged.set(slot, held);
    return held.half.bytes;
  }

  sign(slot: number, alg: Algorithm, message: Bytes): Bytes {
    const held = this.#staged.get(slot) ?? this.#slots.get(slot);
    if (held?.half.alg !== alg) {
      throw new RangeError(`slot ${slot} has no key for algorithm ${alg}`);
    }
    return nativeSign(held.key, message);
  }

  /** Writes new keys, names included; returns the table as it will be. */
  async stage(): Promise<readonly KeyRow[]> {
    for (const { name, key } of this.#staged.values()) {
      await this.#folder.write(name, pemOf(key));
    }
    if (this.#staged.size > 0) await this.#folder.sync();
    const after = new Map([...this.#slots, ...this.#staged]);
    return [...after].map(([slot, { name }]) => ({ slot, name }));
  }

  /** New keys count from now on; removes the files of those they replace. */
  async keep(): Promise<void> {
    for (const [slot, held] of this.#staged) {
      const replaced = this.#slots.get(slot);
      this.#slots.set(slot, held);
      if (replaced !== undefined) await this.#folder.remove(replaced.name);
    }
    this.#staged.clear();
  }

  /** Forgets new keys. */
  async drop(): Promise<void> {
    for (const { name } of this.#staged.values()) await this.#folder.remove(name);
    this.#staged.clear();
  }
}

/** Reads the keys a table names. Removes key files it does not: a commit that never was left them. */
export async function openKeyFiles(
  folder: Folder,
  table: readonly KeyRow[],
): Promise<Result<KeyStore>> {
  const slots = new Map<number, Held>();
  for (const { slot, name } of table) {
    const pem = await folder.read(name);
    const held = pem === null ? null : readKey(slot, pem);
    if (held?.name !== name) return err('TAMPERED', `the key file ${name} is missing or changed`);
    slots.set(slot, held);
  }
  const known = new Set(table.map(({ name }) => name));
  for (const name of await folder.list()) {
    if (name.startsWith(PREFIX) && !known.has(name)) await folder.remove(name);
  }
  return ok(new KeyFiles(folder, slots));
}

function pemOf(key: KeyObject): Bytes {
  return Buffer.from(key.export({ format: 'pem', type: 'pkcs8' }));
}

/** Null when the file holds no key. */
function readKey(slot: number, pem: Bytes): Held | null {
  try {
    return hold(slot, createPrivateKey(Buffer.from(pem)));
  } catch {
    return null;
  }
}

/** A key under a name that tells it from any other key of its slot. */
function hold(slot: number, key: KeyObject): Held {
  const half = publicHalf(key);
  const digest = createHash('sha256').update(half.bytes).digest();
  return { name: `${PREFIX}${slot}-${toHex(digest.subarray(0, 8))}.pem`, key, half };
}
