import {
  attempt,
  blob,
  type Bytes,
  type Codec,
  decodeSigned,
  decodeStatusList,
  LIMITS,
  NO_EXTERNAL,
  STATUS_LIST_TYPE,
  type StatusList,
  tuple,
} from '@tallystick/protocol';
import type { WalletResult } from '../failure.ts';
import { type PendingStore, Records } from '../pending-store.ts';
import type { PurseClient } from '../purse-client.ts';

/** A signed status list, with the certificate of the operator's key that signed it. */
export interface SignedList {
  readonly list: Bytes;
  readonly certificate: Bytes;
}

interface Kept extends SignedList {
  readonly content: StatusList;
}

const LIST_BYTES = LIMITS.listBytes + 1024;

const signedList: Codec<SignedList> = tuple<SignedList>({
  list: blob(LIST_BYTES),
  certificate: blob(LIMITS.messageBytes),
});

const ONLY = 'newest';

/**
 * The newest status list this device has, as bytes to hand on: the purse itself keeps only what it
 * says. Nothing gets here that the purse did not verify.
 */
export class StatusShelf {
  readonly #purse: PurseClient;
  readonly #records: Records<SignedList>;
  #newest: Kept | null = null;

  constructor(purse: PurseClient, store: PendingStore) {
    this.#purse = purse;
    this.#records = new Records(store, 'list/', signedList);
  }

  /** The newest list, or null when none is there to hand on. */
  async newest(): Promise<Kept | null> {
    if (this.#newest === null) {
      const kept = await this.#records.get(ONLY);
      this.#newest = kept === null ? null : read(kept);
    }
    return this.#newest;
  }

  /** Has the purse import a list from anywhere, and keeps it if it is the newest. */
  async learn(signed: SignedList): Promise<WalletResult<void>> {
    const imported = await this.#purse.importList(signed.list, signed.certificate);
    if (imported.ok) await this.keep(signed);
    return imported;
  }

  /** Keeps a list that the purse has verified. */
  async keep(signed: SignedList): Promise<void> {
    const [list, known] = [read(signed), await this.newest()];
    if (list === null || (known !== null && known.content.version >= list.content.version)) return;
    await this.#records.put(ONLY, signed);
    this.#newest = list;
  }
}

/** What a list says, whose signature is verified elsewhere; null when it does not read. */
function read(signed: SignedList): Kept | null {
  const options = { typ: STATUS_LIST_TYPE, maxBytes: LIST_BYTES };
  const content = attempt(() =>
    decodeStatusList(decodeSigned(signed.list, NO_EXTERNAL, options).payload),
  );
  return content.ok ? { ...signed, content: content.value } : null;
}
