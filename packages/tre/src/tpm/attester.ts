import {
  ATTESTATION,
  type Bytes,
  type Credential,
  encodeAttestation,
  type Introduction,
} from '@tallystick/protocol';
import type { Attester } from '../port.ts';
import { certifyCounter, certifyKey, quoteBoot } from './attest.ts';
import type { Tpm } from './client.ts';
import { activate, endorsementCertificate } from './endorsement.ts';
import { type LoadedKey, loadAttestationKey, loadKey, type WrappedKey } from './keys.ts';

/** Works with the TPM while nothing else is loaded in it. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Has a TPM vouch for keys in it (TS-ATT-3). Evidence is only worth something to a backend whose challenge
 * this TPM has read from a credential, so there is none before, and each credential serves one.
 *
 * Rejects with TpmFailure.
 */
export class TpmAttester implements Attester {
  readonly #tpm: Tpm;
  readonly #storage: number;
  readonly #inTurn: InTurn;
  #isChallenged = false;

  constructor(tpm: Tpm, storage: number, inTurn: InTurn) {
    this.#tpm = tpm;
    this.#storage = storage;
    this.#inTurn = inTurn;
  }

  introduce(): Promise<Introduction | null> {
    return this.#inTurn(async () => {
      const certificate = await endorsementCertificate(this.#tpm);
      if (certificate === null) return null;
      const attestationKey = await this.#withAttestationKey(({ area }) => Promise.resolve(area));
      return { attestationKey, chain: [certificate] };
    });
  }

  activate(credential: Credential): Promise<Bytes | null> {
    return this.#inTurn(async () => {
      const challenge = await this.#withAttestationKey(({ handle }) =>
        activate(this.#tpm, handle, credential),
      );
      this.#isChallenged = challenge !== null;
      return challenge;
    });
  }

  /** Evidence of a key, and of the counter that its state hangs on; empty where nobody has asked for any. */
  evidence(key: WrappedKey, binding: Bytes, counter: number | null): Promise<Bytes> {
    return this.#inTurn(async () => {
      if (!this.#isChallenged) return new Uint8Array(0);
      this.#isChallenged = false;
      return this.#withAttestationKey((attestationKey) =>
        this.#vouch(attestationKey, key, binding, counter),
      );
    });
  }

  async #vouch(
    { handle: by, area: attestationKey }: LoadedKey,
    key: WrappedKey,
    binding: Bytes,
    counter: number | null,
  ): Promise<Bytes> {
    const loaded = await loadKey(this.#tpm, this.#storage, key);
    try {
      return encodeAttestation({
        kind: ATTESTATION.tpm,
        attestationKey,
        key: key.area,
        certified: await certifyKey(this.#tpm, by, loaded, binding),
        quote: await quoteBoot(this.#tpm, by, binding),
        counter: counter === null ? null : await certifyCounter(this.#tpm, by, counter, binding),
      });
    } finally {
      await this.#tpm.flush(loaded);
    }
  }

  async #withAttestationKey<T>(work: (key: LoadedKey) => Promise<T>): Promise<T> {
    const key = await loadAttestationKey(this.#tpm);
    try {
      return await work(key);
    } finally {
      await this.#tpm.flush(key.handle);
    }
  }
}
