import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  decodePayload,
  decodeSigned,
  LIMITS,
  type StatusDelta,
  statusDelta,
  tuple,
} from '@tallystick/protocol';
import type { WalletResult } from '../failure.ts';
import { type PendingStore, Records } from '../pending-store.ts';
import type { PurseClient } from '../purse-client.ts';

/** A signed delta of the status list, with the certificate of the operator's key that signed it. */
export interface SignedDelta {
  readonly delta: Bytes;
  readonly certificate: Bytes;
}

interface Kept extends SignedDelta {
  readonly content: StatusDelta;
}

const signedDelta: Codec<SignedDelta> = tuple<SignedDelta>({
  delta: blob(LIMITS.messageBytes),
  certificate: blob(LIMITS.messageBytes),
});

const ONLY = 'newest';

/**
 * The delta that leads furthest, as bytes to hand on beside the list, or in its place. Nothing gets
 * here that the purse did not verify.
 */
export class DeltaShelf {
  readonly #purse: PurseClient;
  readonly #records: Records<SignedDelta>;
  #newest: Kept | null = null;

  constructor(purse: PurseClient, store: PendingStore) {
    this.#purse = purse;
    this.#records = new Records(store, 'delta/', signedDelta);
  }

  /** The delta to hand on, or null when none is there. */
  async newest(): Promise<Kept | null> {
    if (this.#newest === null) {
      const kept = await this.#records.get(ONLY);
      this.#newest = kept === null ? null : read(kept);
    }
    return this.#newest;
  }

  /** Has the purse import a delta from anywhere, and keeps it if it leads furthest. */
  async learn(signed: SignedDelta): Promise<WalletResult<void>> {
    const imported = await this.#purse.importDelta(signed.delta, signed.certificate);
    if (!imported.ok) return imported;
    const [delta, known] = [read(signed), await this.newest()];
    if (delta === null || (known !== null && !leadsFurther(delta.content, known.content))) {
      return imported;
    }
    await this.#records.put(ONLY, signed);
    this.#newest = delta;
    return imported;
  }
}

/** To a newer version, or to the same one for more devices. */
function leadsFurther(delta: StatusDelta, known: StatusDelta): boolean {
  if (delta.version !== known.version) return delta.version > known.version;
  return delta.base < known.base;
}

/** What a delta says, whose signature is verified elsewhere; null when it does not read. */
function read(signed: SignedDelta): Kept | null {
  const content = attempt(() =>
    decodePayload(decodeSigned(signed.delta).payload, statusDelta, 'delta'),
  );
  return content.ok ? { ...signed, content: content.value } : null;
}
