import { type Bytes, equal, type Frame } from '@tallystick/protocol';
import { need, type WalletResult } from '../failure.ts';
import type { Link } from '../session/link.ts';
import type { Shelves } from './shelves.ts';
import { type DrawBytes, WitnessExchange } from './witness-exchange.ts';

/** Of a peer's lists, deltas and proofs, this many are verified in one contact; the rest is passed over. */
const HEARD_LISTS = 1;
const HEARD_DELTAS = 1;
const HEARD_PROOFS = 4;

/**
 * The code of a refusal that refuses nothing: it says that the sender's status list is older or
 * newer, by its version, so that the side with the newer one sends it.
 */
const COMPARE = 'STALE';

/**
 * Newer status lists, fork proofs and witnesses, exchanged in one contact (TS-SES-2, TS-WIT-2). It comes
 * after the money, so that a tap is not slowed by it, and nothing that goes wrong in it touches the payment.
 */
export class Gossip {
  readonly #link: Link;
  readonly #shelves: Shelves;
  readonly #isWanted: () => boolean;
  readonly #exchange: WitnessExchange | null;
  readonly #proofsHeard: Bytes[] = [];
  #listsHeard = 0;
  #deltasHeard = 0;
  #listTold = false;
  /** Version of the other side's list, when it is the newer one. */
  #wanted = 0;
  #compared = false;

  /**
   * Without a way to draw random bytes, witnesses are not exchanged: their digests need a salt.
   *
   * @param isWanted whether anything is exchanged, on the medium as it is at that moment
   */
  constructor(link: Link, shelves: Shelves, isWanted: () => boolean, draw: DrawBytes | null) {
    this.#link = link;
    this.#shelves = shelves;
    this.#isWanted = isWanted;
    this.#exchange = draw === null ? null : new WitnessExchange(link, shelves, draw);
  }

  /** Null where witnesses are not exchanged. */
  get #witnesses(): WitnessExchange | null {
    return this.#isWanted() ? this.#exchange : null;
  }

  /** Deals with a frame if it is gossip; false when it is not. */
  async heard(frame: Frame): Promise<boolean> {
    switch (frame.kind) {
      case 6:
        if (this.#isWanted() && this.#listsHeard++ < HEARD_LISTS) {
          this.#noteFailure(await this.#shelves.learnList(frame));
        }
        return true;
      case 7:
        if (this.#isWanted() && this.#proofsHeard.length < HEARD_PROOFS) {
          this.#proofsHeard.push(frame.proof);
          this.#noteFailure(await this.#shelves.learnProof(frame.proof));
        }
        return true;
      case 9:
        if (this.#isWanted() && this.#deltasHeard++ < HEARD_DELTAS) {
          this.#noteFailure(await this.#shelves.learnDelta(frame));
        }
        return true;
      case 8:
        if (frame.code !== COMPARE) return false;
        await this.compare(frame.listVersion);
        return true;
      case 10:
      case 11:
      case 12:
        await this.#witnesses?.heard(frame);
        return true;
      default:
        return false;
    }
  }

  /** Opens the exchange of witnesses: the side that is paid, or answers, does. */
  async openWitnesses(): Promise<void> {
    await this.#witnesses?.open();
  }

  /** Waits for the other side to open it. */
  async awaitWitnesses(ms: number): Promise<void> {
    await this.#listen(ms, () => this.#witnesses?.isOpened ?? true);
  }

  /** Tells witnesses to a side that has opened, and stays until it has told its own. */
  async tellWitnesses(ms: number): Promise<void> {
    if ((await this.#witnesses?.tell()) !== true) return;
    await this.#listen(ms, () => this.#witnesses?.isSettled ?? true);
  }

  async #listen(ms: number, isEnough: () => boolean): Promise<void> {
    await this.#link.waitFor(ms, async (frame) => {
      await this.heard(frame);
      return isEnough() ? true : undefined;
    });
  }

  /** Says how new the list here is, for the other side to compare. */
  async sayVersion(listVersion: number): Promise<void> {
    if (this.#isWanted()) await this.#link.send({ kind: 8, code: COMPARE, listVersion });
  }

  /** Hands on a few fork proofs, but for those that the other side has told itself. */
  async tellProofs(): Promise<void> {
    if (!this.#isWanted()) return;
    for (const proof of await this.#shelves.proofs.toShare()) {
      const isTheirs = this.#proofsHeard.some((heard) => equal(heard, proof));
      if (!isTheirs) await this.#link.send({ kind: 7, proof });
    }
  }

  /**
   * Sends what this side knows of later revocations than the other, or says that it knows fewer. True
   * when the other side now has something newer to send.
   */
  async compare(theirVersion: number): Promise<boolean> {
    if (!this.#isWanted()) return false;
    if (await this.#tellNewer(theirVersion)) return false;
    const { listVersion } = need(await this.#shelves.purse.status());
    if (listVersion >= theirVersion || this.#compared) return false;
    this.#compared = true;
    this.#wanted = theirVersion;
    await this.sayVersion(listVersion);
    return true;
  }

  /**
   * The delta first, since it is short and names the newest; the list after it, unless the delta
   * completes the other side's own. False when there is nothing newer to tell.
   */
  async #tellNewer(theirVersion: number): Promise<boolean> {
    const [list, delta] = [await this.#shelves.lists.newest(), await this.#shelves.deltas.newest()];
    const hasDelta = delta !== null && delta.content.version > theirVersion;
    const completes = hasDelta && delta.content.base <= theirVersion;
    const hasList = list !== null && list.content.version > theirVersion && !completes;
    if (!hasDelta && !hasList) return false;
    if (this.#listTold) return true;
    this.#listTold = true;
    if (hasDelta) {
      await this.#link.send({ kind: 9, delta: delta.delta, certificate: delta.certificate });
    }
    if (hasList) {
      await this.#link.send({ kind: 6, list: list.list, certificate: list.certificate });
    }
    return true;
  }

  /** Waits for the list that {@link compare} has asked for, or the delta that completes it. */
  async awaitList(ms: number): Promise<void> {
    await this.#link.waitFor(ms, async (frame) => {
      await this.heard(frame);
      if (this.#listsHeard > 0) return true;
      return frame.kind === 9 && (await this.#isComplete()) ? true : undefined;
    });
  }

  async #isComplete(): Promise<boolean> {
    return need(await this.#shelves.purse.status()).listVersion >= this.#wanted;
  }

  #noteFailure(result: WalletResult<unknown>): void {
    if (!result.ok) this.#link.note(result.error);
  }
}
