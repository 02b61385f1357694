import type { WalletResult } from '../failure.ts';
import type { PendingStore } from '../pending-store.ts';
import type { PurseClient } from '../purse-client.ts';
import { ProofShelf } from './proof-shelf.ts';
import { type SignedList, StatusShelf } from './status-shelf.ts';

/** What this device knows about others, and hands on: the newest status list, and fork proofs. */
export class Shelves {
  readonly purse: PurseClient;
  readonly lists: StatusShelf;
  readonly proofs: ProofShelf;

  constructor(purse: PurseClient, store: PendingStore) {
    this.purse = purse;
    this.lists = new StatusShelf(purse, store);
    this.proofs = new ProofShelf(purse, store);
  }

  /** Learns a list, and drops the proofs against certificates that the newest one names. */
  async learnList(signed: SignedList): Promise<WalletResult<void>> {
    const learned = await this.lists.learn(signed);
    const newest = await this.lists.newest();
    if (learned.ok && newest !== null) await this.proofs.forget(newest.content.revoked);
    return learned;
  }
}
