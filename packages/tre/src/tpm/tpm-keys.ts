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
import { Tpm } from './client.ts';
import {
  createSigningKey,
  flush,
  loadKey,
  loadStorageKey,
  publicOf,
  signDigest,
  type WrappedKey,
} from './keys.ts';
import { TpmFailure } from './structures.ts';
import { reachTpm, type TpmAddress } from './transport.ts';

/** An open TPM with its storage key, for as many purses as one likes. */
export interface OpenTpm {
  /** Keys that this TPM alone can use: files hold them wrapped by a key that never leaves it. */
  readonly keys: KeyKind<WrappedKey>;
  close(): Promise<void>;
}

const wrappedKey: Codec<WrappedKey> = tuple<WrappedKey>({ area: blob(512), wrapped: blob(512) });

/** Opens a TPM. Rejects with TpmFailure. */
export async function openTpm(address: TpmAddress, patienceMs?: number): Promise<OpenTpm> {
  const tpm = new Tpm(await reachTpm(address, patienceMs));
  try {
    const storage = await loadStorageKey(tpm);
    return {
      keys: wrappedKeys(tpm, storage),
      // What is loaded goes with the connection: a resource manager or a restart sees to that.
      close: () => tpm.close(),
    };
  } catch (error) {
    await tpm.close();
    throw error;
  }
}

function wrappedKeys(tpm: Tpm, storage: number): KeyKind<WrappedKey> {
  let turn: Promise<unknown> = Promise.resolve();

  /** Works with a key in the TPM, one at a time: a TPM has room for three objects. */
  function withKey<T>(key: WrappedKey, work: (handle: number) => Promise<T>): Promise<T> {
    const mine = turn.then(async () => {
      const handle = await loadKey(tpm, storage, key);
      try {
        return await work(handle);
      } finally {
        await flush(tpm, handle);
      }
    });
    turn = mine.catch(() => undefined);
    return mine;
  }

  return {
    suffix: '.tpm',
    // TPMs of today hold nothing else of what a purse's key may be.
    make: (alg) => (alg === ES256 ? createSigningKey(tpm, storage) : null),
    publicHalf: ({ area }) => publicOf(area),
    sign: (key, message) => withKey(key, (handle) => signDigest(tpm, handle, sha256(message))),
    write: (key) => encodeBody(wrappedKey, key),
    read: async (bytes) => {
      const read = attempt(() => decodeBody(wrappedKey, bytes));
      if (!read.ok) return null;
      try {
        publicOf(read.value.area);
        return await withKey(read.value, () => Promise.resolve(read.value));
      } catch (error) {
        // Another TPM wrapped it, or it was changed; one that does not answer is another matter.
        if (error instanceof TpmFailure && error.code !== 'TPM_UNREACHABLE') return null;
        throw error;
      }
    },
  };
}

function sha256(message: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(message).digest());
}
