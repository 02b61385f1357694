import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  decodeProof,
  decodePurseCertificate,
  LIMITS,
  toHex,
  tuple,
} from '@tallystick/protocol';
import type { WalletResult } from '../failure.ts';
import { type PendingStore, Records } from '../pending-store.ts';
import type { Culprit, PurseClient } from '../purse-client.ts';

/** Proofs handed on in one contact. */
const SHARED_PROOFS = 2;
/** Proofs in one upload (TS-SYN-2). */
const UPLOADED_PROOFS = 16;
/**
 * Longest proof handed on from device to device: two records of one position take about 500 bytes.
 * A longer one, of the log kind, goes to the backend only.
 */
const SHARED_PROOF_BYTES = 2_048;

const bytes: Codec<{ readonly proof: Bytes }> = tuple<{ readonly proof: Bytes }>({
  proof: blob(LIMITS.frameBytes),
});

/**
 * Fork proofs this device came across, each verified by the purse, to hand on until a status list
 * names the culprit. At most `LIMITS.bans`, as the purse bans no more.
 */
export class ProofShelf {
  readonly #purse: PurseClient;
  readonly #records: Records<{ readonly proof: Bytes }>;
  /** Contacts take turns at the proofs, so that all of them spread. */
  #turn = 0;

  constructor(purse: PurseClient, store: PendingStore) {
    this.#purse = purse;
    this.#records = new Records(store, 'proof/', bytes);
  }

  /** Has the purse judge a proof from anywhere, and keeps it if it names somebody new. */
  async learn(proof: Bytes): Promise<WalletResult<Culprit>> {
    const judged = await this.#purse.checkProof(proof);
    if (judged.ok && judged.value.isNew) {
      await this.#records.put(toHex(judged.value.culprit), { proof });
    }
    return judged;
  }

  /** The next few proofs to hand on in a contact. */
  async toShare(): Promise<readonly Bytes[]> {
    const short = (await this.#all()).filter(({ length }) => length <= SHARED_PROOF_BYTES);
    const start = short.length === 0 ? 0 : this.#turn % short.length;
    this.#turn += SHARED_PROOFS;
    return [...short.slice(start), ...short.slice(0, start)].slice(0, SHARED_PROOFS);
  }

  /** The proofs to upload. */
  async toUpload(): Promise<readonly Bytes[]> {
    return (await this.#all()).slice(0, UPLOADED_PROOFS);
  }

  /** Drops proofs against certificates that a status list or a delta names. */
  async forget(isListed: (statusIndex: number) => boolean): Promise<void> {
    for (const { name, value } of await this.#records.all()) {
      const index = attempt(() => statusIndexOf(value.proof));
      if (!index.ok || isListed(index.value)) await this.#records.remove(name);
    }
  }

  async #all(): Promise<readonly Bytes[]> {
    return (await this.#records.all()).map(({ value }) => value.proof);
  }
}

function statusIndexOf(proof: Bytes): number {
  return decodePurseCertificate(decodeProof(proof).certificate).profile.statusIndex;
}
