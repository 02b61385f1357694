import {
  attempt,
  type Bytes,
  encodeProof,
  equal,
  type Frame,
  LIMITS,
  placeDigest,
  toHex,
  toldPlace,
  WITNESS_BYTES,
  WITNESS_NONCE_BYTES,
  witnessesIn,
  witnessOf,
  witnessSalt,
  witnessSet,
} from '@tallystick/protocol';
import type { Link } from '../session/link.ts';
import type { Shelves } from './shelves.ts';
import { nameOf, placeOf, type Seen } from './witness.ts';

/** Draws that many random bytes. */
export type DrawBytes = (length: number) => Bytes;

/** Payments that one side asks for in one contact: each that comes is a proof to verify. */
const ASKED = 2;
const TOLD = LIMITS.witnessSetBytes / WITNESS_BYTES;

/**
 * Two devices find out whether somebody paid both of them from one position of one log, without
 * telling each other who has paid them (rule 15, TS-WIT-2 to 5). The one side opens, with its part of the
 * salt; the other tells its set; the first compares, asks for what disagrees with its memory, and
 * tells its own. Whoever gets a payment that it asked for has a proof, and hands it over.
 */
export class WitnessExchange {
  readonly #link: Link;
  readonly #shelves: Shelves;
  readonly #draw: DrawBytes;
  #mine: Bytes | null = null;
  #theirs: Bytes | null = null;
  /** What was told and not asked for yet, by the whole digest of its place. */
  #told: Map<string, Seen> | null = null;
  #shown = 0;
  #isCompared = false;
  /** What this side has at the places that it asked about. */
  readonly #asked: Map<string, Seen> = new Map();

  constructor(link: Link, shelves: Shelves, draw: DrawBytes) {
    this.#link = link;
    this.#shelves = shelves;
    this.#draw = draw;
  }

  /** Whether the other side has something to compare with. */
  get isOpened(): boolean {
    return this.#theirs !== null;
  }

  /** Whether the other side has told its set, and nothing that was asked for is outstanding. */
  get isSettled(): boolean {
    return this.#isCompared && this.#asked.size === 0;
  }

  /** Opens, if there is anything to compare a set with. */
  async open(): Promise<void> {
    if ((await this.#shelves.witness.newestFirst()).length === 0) return;
    await this.#link.send({ kind: 10, nonce: this.#nonce(), set: new Uint8Array(0) });
  }

  /** Tells what was seen last, once both parts of the salt are there; false where there is nothing to tell. */
  async tell(): Promise<boolean> {
    const newest = (await this.#shelves.witness.newestFirst()).slice(0, TOLD);
    if (this.#theirs === null || this.#told !== null || newest.length === 0) return false;
    const nonce = this.#nonce();
    const salt = witnessSalt(nonce, this.#theirs);
    const placed = newest.map((seen) => ({ seen, place: placeDigest(salt, seen) }));
    this.#told = new Map(placed.map(({ seen, place }) => [toHex(place), seen]));
    const set = witnessSet(placed.map(({ seen, place }) => witnessOf(salt, place, seen.id)));
    await this.#link.send({ kind: 10, nonce, set });
    return true;
  }

  /** Deals with a frame of the exchange. */
  async heard(frame: Extract<Frame, { kind: 10 | 11 | 12 }>): Promise<void> {
    switch (frame.kind) {
      case 10:
        return this.#hear(frame.nonce, frame.set);
      case 11:
        return this.#show(frame.place);
      case 12: {
        const place = attempt(() => placeOf(frame.exhibit));
        const seen = place.ok ? this.#asked.get(nameOf(place.value)) : undefined;
        if (seen === undefined) return;
        this.#asked.delete(nameOf(seen));
        await this.#accuse(seen, frame.exhibit);
        if (this.isSettled) await this.tell();
      }
    }
  }

  async #hear(nonce: Bytes, set: Bytes): Promise<void> {
    if (this.#mine !== null && equal(nonce, this.#mine)) return;
    this.#theirs ??= nonce;
    const isTold = this.#mine !== null && set.length > 0 && equal(nonce, this.#theirs);
    if (!isTold || this.#isCompared) return;
    this.#isCompared = true;
    await this.#compare(witnessSalt(this.#nonce(), nonce), set);
    // Only then its own: when that has come, the other side may leave.
    if (this.isSettled) await this.tell();
  }

  async #compare(salt: Bytes, set: Bytes): Promise<void> {
    const theirs = new Map(witnessesIn(set).map((each) => [toHex(toldPlace(each)), each]));
    for (const seen of await this.#shelves.witness.newestFirst()) {
      const place = placeDigest(salt, seen);
      const other = theirs.get(toHex(toldPlace(place)));
      if (other === undefined || equal(other, witnessOf(salt, place, seen.id))) continue;
      this.#asked.set(nameOf(seen), seen);
      await this.#link.send({ kind: 11, place });
      if (this.#asked.size === ASKED) return;
    }
  }

  async #show(place: Bytes): Promise<void> {
    const name = toHex(place);
    // GUARD witness-asked (rule 15): a payment is shown to who knows its place, and was told of it here.
    const seen = this.#told?.get(name);
    if (seen === undefined || this.#shown === ASKED) return;
    this.#shown += 1;
    this.#told?.delete(name);
    await this.#link.send({ kind: 12, exhibit: seen.exhibit });
  }

  /** Two payments at one place: the purse says whether they prove anything. */
  async #accuse(seen: Seen, second: Seen['exhibit']): Promise<void> {
    const { certificate, exhibit: first } = seen;
    const proof = encodeProof({ kind: 1, certificate, first, second });
    const judged = await this.#shelves.learnProof(proof);
    if (judged.ok) await this.#link.send({ kind: 7, proof });
    else this.#link.note(judged.error);
  }

  #nonce(): Bytes {
    this.#mine ??= this.#draw(WITNESS_NONCE_BYTES);
    return this.#mine;
  }
}
