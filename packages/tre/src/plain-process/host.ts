import { randomBytes } from 'node:crypto';
import {
  type Bytes,
  err,
  ok,
  type Result,
  type Seconds,
  type SignatureCheck,
} from '@tallystick/protocol';
import type { Effect, EffectAnswer } from '@tallystick/trusted-app';
import type { Held, Host } from '../port.ts';
import { type Folder, isSystemError } from './folder.ts';
import { type KeyFiles, openKeys } from './key-files.ts';
import { COMPACT_ABOVE_BYTES, LOG, type LogFile, openLog } from './log-file.ts';
import { nativeVerifier } from './native-crypto.ts';
import { decodeStateFile, encodeStateFile } from './state-file.ts';
import { stretch, STRETCH_COST, type StretchCost } from './stretch.ts';

export interface PlainHostOptions {
  /** The local clock, in seconds; null where there is none. */
  readonly clock: () => Seconds | null;
  /** The platform's check of the holder; without one it always refuses. */
  readonly assertHolder?: (challenge: Bytes) => Promise<boolean>;
  /** Cost of the PIN hash. Only tests have a reason to lower it. */
  readonly stretchCost?: StretchCost;
  /** Dropped bytes the log file may carry. */
  readonly compactAboveBytes?: number;
}

const STATE = 'state';
const NEW_STATE = 'state.new';

/** Issuers, payees and payers whose keys stay imported: more than one device meets in a day. */
const IMPORTED_KEYS = 256;

/** Opens a purse's folder, which the host closes. Fails with TAMPERED. */
export async function openHost(folder: Folder, options: PlainHostOptions): Promise<Result<Host>> {
  await folder.remove(NEW_STATE);
  const file = await folder.read(STATE);
  if (file === null && ((await folder.read(LOG))?.length ?? 0) > 0) {
    return err('TAMPERED', 'there is a log, but the state file is gone');
  }
  const committed = file === null ? null : decodeStateFile(file);
  if (committed?.ok === false) return committed;
  const { state = null, logEnd = 0, keys: table = [] } = committed?.value ?? {};
  const keys = await openKeys(folder, table);
  if (!keys.ok) return keys;
  const log = await openLog(folder, logEnd, options.compactAboveBytes ?? COMPACT_ABOVE_BYTES);
  // A process that died may have left names that are not durable yet, the state's among them: to act
  // on it, and then lose it with the power, would be a rollback (INV-ONCE).
  await folder.sync();
  return ok(new PlainHost({ folder, log, keys: keys.value, options, state }));
}

interface Parts {
  readonly folder: Folder;
  readonly log: LogFile;
  readonly keys: KeyFiles;
  readonly options: PlainHostOptions;
  /** As it was when the folder was opened. */
  readonly state: Bytes | null;
}

class PlainHost implements Host {
  readonly #parts: Parts;
  readonly #verify: (check: SignatureCheck) => boolean = nativeVerifier(IMPORTED_KEYS);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  load(): Promise<Held> {
    return Promise.resolve({ state: this.#parts.state, logEnd: this.#parts.log.end });
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
        // Nothing vouches for a plain process.
        return new Uint8Array(0);
      case 'clock':
        return options.clock();
      case 'read-log':
        return log.entry(effect.seq);
      case 'commit':
        return this.#commit(effect);
    }
  }

  /** Whatever the state refers to is durable before the state is: keys, then log, then the state. */
  async #commit(effect: Extract<Effect, { kind: 'commit' }>): Promise<boolean> {
    const { folder, log, keys } = this.#parts;
    const { state, append, logEnd, keepFrom } = effect;
    try {
      const table = await keys.stage();
      await log.stage(logEnd - append.length + 1, append);
      await folder.write(NEW_STATE, encodeStateFile({ state, logEnd, keys: table }));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      await this.#undo();
      return false;
    }
    // From here on a failure leaves open whether the commit happened: the element ends with it.
    await folder.rename(NEW_STATE, STATE);
    await folder.sync();
    log.keep();
    await keys.keep();
    await log.dropBelow(keepFrom);
    return true;
  }

  /** A full disk refuses nothing but room: what was begun is removed, or will be when it is opened. */
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
