import { type Bytes, isStatusSet } from '@tallystick/protocol';
import type { WalletResult } from '../failure.ts';
import type { PendingStore } from '../pending-store.ts';
import type { Culprit, PurseClient } from '../purse-client.ts';
import { DeltaShelf } from './delta-shelf.ts';
import { ProofShelf } from './proof-shelf.ts';
import { type SignedList, StatusShelf } from './status-shelf.ts';
import { Witness } from './witness.ts';

/** What this device knows about others: who is revoked, fork proofs, and where it saw their payments. */
export class Shelves {
  readonly purse: PurseClient;
  readonly lists: StatusShelf;
  readonly deltas: DeltaShelf;
  readonly proofs: ProofShelf;
  readonly witness: Witness;

  constructor(purse: PurseClient, store: PendingStore) {
    this.purse = purse;
    this.lists = new StatusShelf(purse, store);
    this.deltas = new DeltaShelf(purse, store);
    this.proofs = new ProofShelf(purse, store);
    this.witness = new Witness(store);
  }

  /** Learns a proof from anywhere, and no longer watches whom it convicts. */
  async learnProof(proof: Bytes): Promise<WalletResult<Culprit>> {
    const judged = await this.proofs.learn(proof);
    if (judged.ok) await this.witness.dismiss(judged.value.culprit);
    return judged;
  }

  /** Learns a list, and drops the proofs against certificates that the newest one names. */
  async learnList(signed: SignedList): Promise<WalletResult<void>> {
    const learned = await this.lists.learn(signed);
    const newest = await this.lists.newest();
    if (!learned.ok || newest === null) return learned;
    const { bits } = newest.content;
    await this.proofs.forget((index) => isStatusSet(bits, index));
    // A delta that came before its base did now leads on from the list.
    const delta = await this.deltas.newest();
    if (delta !== null && delta.content.version > newest.content.version) {
      return this.deltas.learn(delta);
    }
    return learned;
  }

  /**
   * Learns a delta, and drops the proofs against certificates that it names. Without a certificate,
   * the key is taken to be the one that signed the list at hand; if it is another, the purse says so.
   */
  async learnDelta(signed: {
    readonly delta: Bytes;
    readonly certificate: Bytes | null;
  }): Promise<WalletResult<void>> {
    const certificate = signed.certificate ?? (await this.lists.newest())?.certificate;
    if (certificate === undefined) {
      const message = 'no status list is at hand whose key could have signed the delta';
      return { ok: false, error: { code: 'UNKNOWN_CERTIFICATE', message } };
    }
    const learned = await this.deltas.learn({ delta: signed.delta, certificate });
    const newest = await this.deltas.newest();
    if (learned.ok && newest !== null) {
      const revoked = new Set(newest.content.revoked);
      await this.proofs.forget((index) => revoked.has(index));
    }
    return learned;
  }
}
