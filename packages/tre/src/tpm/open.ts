import { createHash } from 'node:crypto';
import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  decodeBody,
  encodeBody,
  ES256,
  tuple,
} from '@tallystick/protocol';
import type { KeyKind } from '../node/key-files.ts';
import { type InTurn, TpmAttester } from './attester.ts';
import { Tpm } from './client.ts';
import {
  createSigningKey,
  loadKey,
  loadStorageKey,
  publicOf,
  sealData,
  signDigest,
  unsealData,
  type WrappedKey,
} from './keys.ts';
import type { NvCondition } from './policy.ts';
import { TpmFailure } from './structures.ts';
import { lineTo, type TpmAddress, type TpmLine, transportOn } from './transport.ts';

/** An open TPM with its storage key, for as many purses as one likes. */
export interface OpenTpm {
  /** Keys that this TPM alone can use: files hold them wrapped by a key that never leaves it. */
  readonly keys: KeyKind<WrappedKey>;
  /** Wraps up to 128 bytes for this TPM alone, to be given back while conditions hold. Rejects with TpmFailure. */
  readonly seal: (data: Bytes, conditions?: readonly NvCondition[]) => Promise<Bytes>;
  /**
   * What was sealed here on the same conditions, or null for anything else. Rejects with TpmFailure
   * TPM_UNREACHABLE, or TPM_REFUSED with {@link CONDITION_FAILED} while one does not hold.
   */
  readonly unseal: (sealed: Bytes, conditions?: readonly NvCondition[]) => Promise<Bytes | null>;
  /** Has it vouch for keys that it holds. */
  readonly attester: TpmAttester;
  /** For whatever else it can do. */
  readonly commands: Tpm;
  /** Tells it from every other TPM: SHA-256 of its storage key's public area. */
  readonly id: Bytes;
  close(): Promise<void>;
}

/** A TPM's answer to a condition that does not hold (TPM_RC_POLICY). */
export const CONDITION_FAILED = 0x126;

const wrappedKey: Codec<WrappedKey> = tuple<WrappedKey>({ area: blob(512), wrapped: blob(512) });

/** Opens a TPM. Rejects with TpmFailure. */
export async function openTpm(at: TpmAddress | TpmLine, patienceMs?: number): Promise<OpenTpm> {
  const tpm = new Tpm(transportOn(await lineTo(at, patienceMs), patienceMs));
  try {
    const { handle: storage, area } = await loadStorageKey(tpm);
    const inTurn = oneAtATime();
    const load = loaderOf(tpm, storage, inTurn);
    const attester = new TpmAttester(tpm, storage, inTurn);
    return {
      keys: wrappedKeys(tpm, storage, load, attester),
      attester,
      seal: async (data, conditions = []) =>
        encodeBody(wrappedKey, await sealData(tpm, storage, data, conditions)),
      unseal: (sealed, conditions = []) =>
        usable(sealed, (key) => load(key, (handle) => unsealData(tpm, handle, conditions))),
      commands: tpm,
      id: sha256(area),
      // What is loaded goes with the connection: a resource manager or a restart sees to that.
      close: () => tpm.close(),
    };
  } catch (error) {
    await tpm.close();
    throw error;
  }
}

/** Works with a wrapped object in the TPM. */
type Load = <T>(key: WrappedKey, work: (handle: number) => Promise<T>) => Promise<T>;

/** One piece of work at a time: a TPM has room for three objects, the storage key among them. */
function oneAtATime(): InTurn {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
}

function loaderOf(tpm: Tpm, storage: number, inTurn: InTurn): Load {
  return (key, work) =>
    inTurn(async () => {
      const handle = await loadKey(tpm, storage, key);
      try {
        return await work(handle);
      } finally {
        await tpm.flush(handle);
      }
    });
}

function wrappedKeys(
  tpm: Tpm,
  storage: number,
  load: Load,
  attester: TpmAttester,
): KeyKind<WrappedKey> {
  return {
    suffix: '.tpm',
    // TPMs of today hold nothing else of what a purse's key may be.
    make: (alg) => (alg === ES256 ? createSigningKey(tpm, storage) : null),
    publicHalf: ({ area }) => publicOf(area),
    sign: (key, message) => load(key, (handle) => signDigest(tpm, handle, sha256(message))),
    attest: (key, binding) => attester.evidence(key, binding, null),
    write: (key) => encodeBody(wrappedKey, key),
    read: (bytes) =>
      usable(bytes, (key) => {
        publicOf(key.area);
        return load(key, () => Promise.resolve(key));
      }),
  };
}

/** What comes of a wrapped object; null where another TPM wrapped it, or it was changed. */
async function usable<T>(bytes: Bytes, work: (key: WrappedKey) => Promise<T>): Promise<T | null> {
  const read = attempt(() => decodeBody(wrappedKey, bytes));
  if (!read.ok) return null;
  try {
    return await work(read.value);
  } catch (error) {
    if (!(error instanceof TpmFailure)) throw error;
    // One that does not answer, or does not give it back now, is another matter.
    const isAnother = error.code === 'TPM_UNREACHABLE' || error.responseCode === CONDITION_FAILED;
    if (isAnother) throw error;
    return null;
  }
}

function sha256(message: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(message).digest());
}
