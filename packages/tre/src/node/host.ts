import { randomBytes } from 'node:crypto';
import {
  type Algorithm,
  type Bytes,
  err,
  ok,
  type Result,
  type SignatureCheck,
  type SignedImage,
} from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import type { Attester, Held, ImageHost } from '../port.ts';
import { STRETCH_COST, type Surroundings } from '../surroundings.ts';
import { type Folder, isSystemError } from './folder.ts';
import { imageFileOf, readImageFile, removeOtherImages } from './image-file.ts';
import { COMPACT_ABOVE_BYTES, LOG, type LogFile, openLog } from './log-file.ts';
import { nativeVerifier } from './native-crypto.ts';
import {
  type Committed,
  decodeStateFile,
  encodeStateFile,
  type KeyRow,
  NOTHING,
} from './state-file.ts';
import { stretch } from './stretch.ts';

/** The private keys of a purse, wherever they are; a table in the state file names them. */
export interface KeyStore {
  /** Makes a key for a slot; its public half, or null for an algorithm that no key here can have. */
  generate(slot: number, alg: Algorithm): Promise<Bytes | null>;
  sign(slot: number, alg: Algorithm, message: Bytes): Promise<Bytes>;
  /** Evidence of where the key of a slot lives; empty where there is none. */
  attest(slot: number, binding: Bytes): Promise<Bytes>;
  /** Makes new keys durable; returns the table as it will be. */
  stage(): Promise<readonly KeyRow[]>;
  /** New keys count from now on, and those that they replace are gone. */
  keep(): Promise<void>;
  /** Forgets new keys. */
  drop(): Promise<void>;
}

/** Finds the keys that a table names. Fails with TAMPERED when one is missing or another. */
export type OpenKeys = (folder: Folder, table: readonly KeyRow[]) => Promise<Result<KeyStore>>;

/** What a purse in a folder is opened with. */
export interface HostOptions extends Surroundings {
  /** Hardware that vouches for the keys. */
  readonly attester?: Attester;
  /** Dropped bytes the log file may carry. */
  readonly compactAboveBytes?: number;
}

const STATE = 'state';
const NEW_STATE = 'state.new';

/** Issuers, payees and payers whose keys stay imported: more than one device meets in a day. */
const IMPORTED_KEYS = 256;

/** What a folder keeps, and what a commit that did not come to its end stored beside it. */
export interface KeptStates {
  readonly committed: Committed;
  readonly pending: Committed | null;
}

/** Reads what a folder keeps, and changes nothing. Fails with TAMPERED. */
export async function readStates(folder: Folder): Promise<Result<KeptStates>> {
  const file = await folder.read(STATE);
  const committed = file === null ? ok(NOTHING) : decodeStateFile(file);
  if (!committed.ok) return committed;
  const beside = await folder.read(NEW_STATE);
  // One that is not whole was never stored.
  const pending = beside === null ? null : decodeStateFile(beside);
  return ok({ committed: committed.value, pending: pending?.ok === true ? pending.value : null });
}

/** Puts a commit that was stored beside the one before in its place. */
export async function finishPending(folder: Folder): Promise<void> {
  await folder.rename(NEW_STATE, STATE);
  await folder.sync();
}

/** Opens a purse's folder, which the host closes, and removes what is pending. Fails with TAMPERED. */
export async function openHost(
  folder: Folder,
  openKeys: OpenKeys,
  options: HostOptions,
): Promise<Result<FolderHost>> {
  await folder.remove(NEW_STATE);
  const file = await folder.read(STATE);
  if (file === null && ((await folder.read(LOG))?.length ?? 0) > 0) {
    return err('TAMPERED', 'there is a log, but the state file is gone');
  }
  const read = file === null ? ok(NOTHING) : decodeStateFile(file);
  if (!read.ok) return read;
  const committed = read.value;
  const keys = await openKeys(folder, committed.keys);
  if (!keys.ok) return keys;
  await removeOtherImages(folder, committed.manifest);
  const compactAbove = options.compactAboveBytes ?? COMPACT_ABOVE_BYTES;
  const log = await openLog(folder, committed.logEnd, compactAbove);
  // A process that died may have left names that are not durable yet, the state's among them: to act
  // on it, and then lose it with the power, would be a rollback (INV-ONCE).
  await folder.sync();
  return ok(new FolderHost({ folder, log, keys: keys.value, options }, committed));
}

interface Parts {
  readonly folder: Folder;
  readonly log: LogFile;
  readonly keys: KeyStore;
  readonly options: HostOptions;
}

/** A host on the files of one folder; its keys may be elsewhere. */
export class FolderHost implements ImageHost {
  readonly attester?: Attester;
  readonly #parts: Parts;
  /** What the state file says. */
  #committed: Committed;
  /** Stored beside it, and what is left to do once it has taken its place. */
  #pending: { readonly committed: Committed; readonly afterwards: () => Promise<void> } | null =
    null;
  readonly #verify: (check: SignatureCheck) => boolean = nativeVerifier(IMPORTED_KEYS);

  constructor(parts: Parts, committed: Committed) {
    this.#parts = parts;
    this.#committed = committed;
    const { attester } = parts.options;
    if (attester !== undefined) this.attester = attester;
  }

  get manifest(): Bytes | null {
    return this.#committed.manifest;
  }

  load(): Promise<Held> {
    return Promise.resolve({ state: this.#committed.state, logEnd: this.#parts.log.end });
  }

  truncateLog(end: number): Promise<void> {
    return this.#parts.log.truncate(end);
  }

  async carryOut(effect: Effect): Promise<EffectAnswer> {
    const { log, keys, options } = this.#parts;
    switch (effect.kind) {
      case 'random':
        return Uint8Array.from(randomBytes(effect.length));
      case 'generate-key':
        return keys.generate(effect.slot, effect.alg);
      case 'sign':
        return keys.sign(effect.slot, effect.alg, effect.message);
      case 'verify':
        return this.#verify(effect.check);
      case 'stretch':
        return stretch(effect.pin, effect.salt, options.stretchCost ?? STRETCH_COST);
      case 'assert-holder':
        return (await options.assertHolder?.(effect.challenge)) ?? false;
      case 'attest':
        return keys.attest(effect.slot, effect.binding);
      case 'clock':
        return options.clock();
      case 'read-log':
        return log.entry(effect.seq);
      case 'commit':
        return this.#commit(effect);
    }
  }

  async #commit(effect: Extract<Effect, { kind: 'commit' }>): Promise<boolean> {
    if (!(await this.prepare(effect))) return false;
    await this.finish();
    return true;
  }

  /**
   * Stores a commit beside the one before; {@link finish} lets it take effect. Whatever the state refers to is
   * durable before the state is: keys, then log, then the state. False where storage refuses.
   */
  prepare(effect: Extract<Effect, { kind: 'commit' }>): Promise<boolean> {
    const { log, keys } = this.#parts;
    const { state, append, logEnd, keepFrom } = effect;
    return this.#store(
      async () => {
        const table = await keys.stage();
        await log.stage(logEnd - append.length + 1, append);
        return { ...this.#committed, state, logEnd, keys: table };
      },
      async () => {
        log.keep();
        await keys.keep();
        await log.dropBelow(keepFrom);
      },
    );
  }

  async readCode(): Promise<Bytes | null> {
    const { manifest } = this;
    return manifest === null ? null : readImageFile(this.#parts.folder, manifest);
  }

  async install(image: SignedImage): Promise<boolean> {
    if (!(await this.prepareImage(image))) return false;
    await this.finish();
    return true;
  }

  /** Stores an image, to take effect with {@link finish}, and with it a sealed state that speaks of it. */
  async prepareImage({ manifest, code }: SignedImage, sealed?: Bytes): Promise<boolean> {
    const { folder } = this.#parts;
    const removeOthers = (): Promise<void> => removeOtherImages(folder, this.manifest);
    const done = await this.#store(async () => {
      await folder.write(imageFileOf(manifest), code);
      await folder.sync();
      const { state } = this.#committed;
      return { ...this.#committed, manifest, state: sealed ?? state };
    }, removeOthers);
    if (!done) await removeOthers();
    return done;
  }

  /**
   * Stores a state file beside the one before, once all that it refers to is there. A full disk refuses:
   * what was begun is removed, or will be when it is opened.
   */
  async #store(stage: () => Promise<Committed>, afterwards: () => Promise<void>): Promise<boolean> {
    const { folder } = this.#parts;
    try {
      const committed = await stage();
      await folder.write(NEW_STATE, encodeStateFile(committed));
      this.#pending = { committed, afterwards };
      return true;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      await this.#undo();
      return false;
    }
  }

  /** From here on a failure leaves open whether the commit happened: the element ends with it. */
  async finish(): Promise<void> {
    const pending = this.#pending;
    if (pending === null) throw new TypeError('nothing was stored to take effect');
    this.#pending = null;
    await finishPending(this.#parts.folder);
    this.#committed = pending.committed;
    await pending.afterwards();
  }

  async #undo(): Promise<void> {
    const { folder, log, keys } = this.#parts;
    for (const step of [() => keys.drop(), () => log.cutTail(), () => folder.remove(NEW_STATE)]) {
      try {
        await step();
      } catch (error) {
        if (!isSystemError(error)) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#parts.log.close();
    await this.#parts.folder.close();
  }
}
