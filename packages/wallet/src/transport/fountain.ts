import { crc32 } from './crc32.ts';
import { mixedFragments } from './fountain-mix.ts';

/** What all parts of one message have in common, and by which a scanner tells messages apart. */
export interface Sequence {
  /** Plain fragments in the message. */
  readonly parts: number;
  /** Length of the message; the last fragment is padded with zeros to the full fragment length. */
  readonly messageBytes: number;
  /** CRC-32 of the message. */
  readonly checksum: number;
}

/** One part: its number from 1, and the exclusive-or of the fragments that number stands for. */
export interface Part extends Sequence {
  readonly number: number;
  readonly fragment: Uint8Array;
}

/** Cuts a message into equal fragments and mixes as many parts as anybody asks for. */
export class FountainEncoder {
  readonly sequence: Sequence;
  readonly #fragments: readonly Uint8Array[];

  constructor(message: Uint8Array, maxFragmentBytes: number) {
    const wanted = Math.ceil(message.length / maxFragmentBytes);
    const fragmentBytes = Math.ceil(message.length / wanted);
    const parts = Math.ceil(message.length / fragmentBytes);
    this.sequence = { parts, messageBytes: message.length, checksum: crc32(message) };
    this.#fragments = Array.from({ length: parts }, (_, index) => {
      const fragment = new Uint8Array(fragmentBytes);
      fragment.set(message.subarray(index * fragmentBytes, (index + 1) * fragmentBytes));
      return fragment;
    });
  }

  /** The part of that number, 1 to 2^32 − 1. */
  part(number: number): Part {
    const { parts, checksum } = this.sequence;
    const mixed = new Set(mixedFragments(number, parts, checksum));
    const fragment = new Uint8Array(this.#fragments[0]?.length ?? 0);
    this.#fragments.forEach((each, index) => {
      if (mixed.has(index)) xorInto(fragment, each);
    });
    return { ...this.sequence, number, fragment };
  }
}

/**
 * Collects parts in any order by Gaussian elimination over GF(2): a part either adds one to the
 * rank or says nothing new. So it finishes with the first set of parts that determines the message,
 * and never holds more rows than the message has fragments, however many parts come.
 */
export class FountainDecoder {
  readonly sequence: Sequence;
  readonly fragmentBytes: number;
  readonly #maskBytes: number;
  /** The row at p has p as its first fragment. A row is a bit mask of fragments, then their sum. */
  readonly #rows: (Uint8Array | undefined)[];
  #rank = 0;

  constructor(first: Part) {
    const { parts, messageBytes, checksum } = first;
    this.sequence = { parts, messageBytes, checksum };
    this.fragmentBytes = first.fragment.length;
    this.#maskBytes = Math.ceil(parts / 8);
    this.#rows = Array.from({ length: parts }, () => undefined);
  }

  /** Whether the part says that it belongs to this message. */
  takes(part: Part): boolean {
    return (
      part.parts === this.sequence.parts &&
      part.messageBytes === this.sequence.messageBytes &&
      part.checksum === this.sequence.checksum &&
      part.fragment.length === this.fragmentBytes
    );
  }

  /** Share of the message that is determined, 0 to 1. */
  get progress(): number {
    return this.#rank / this.sequence.parts;
  }

  /** Adds a part that `takes` allowed. False when it contradicts the parts before it. */
  add(part: Part): boolean {
    const row = this.#row(part);
    for (let pivot = 0; pivot < this.sequence.parts; pivot++) {
      if (!hasBit(row, pivot)) continue;
      const known = this.#rows[pivot];
      if (known === undefined) {
        this.#rows[pivot] = row;
        this.#rank += 1;
        return true;
      }
      xorInto(row, known);
    }
    return row.every((byte) => byte === 0);
  }

  /** Once progress is 1: the message, or null when it fails its checksum or its padding is not zero. */
  message(): Uint8Array | null {
    const { parts, messageBytes, checksum } = this.sequence;
    const padded = new Uint8Array(parts * this.fragmentBytes);
    for (let index = parts - 1; index >= 0; index--) {
      const fragment = this.#solve(index);
      padded.set(fragment, index * this.fragmentBytes);
    }
    const message = padded.slice(0, messageBytes);
    const clean = padded.subarray(messageBytes).every((byte) => byte === 0);
    return clean && crc32(message) === checksum ? message : null;
  }

  #row(part: Part): Uint8Array {
    const row = new Uint8Array(this.#maskBytes + this.fragmentBytes);
    const { parts, checksum } = this.sequence;
    for (const index of mixedFragments(part.number, parts, checksum)) {
      row[index >> 3] = (row[index >> 3] ?? 0) | (1 << (index & 7));
    }
    row.set(part.fragment, this.#maskBytes);
    return row;
  }

  /** Frees one row of all later fragments, which are solved already, and returns what is left. */
  #solve(index: number): Uint8Array {
    const row = this.#rows[index];
    if (row === undefined) throw new Error('message() was called before progress was 1');
    for (let later = index + 1; later < this.sequence.parts; later++) {
      const solved = hasBit(row, later) ? this.#rows[later] : undefined;
      if (solved !== undefined) xorInto(row, solved);
    }
    return row.subarray(this.#maskBytes);
  }
}

function hasBit(row: Uint8Array, index: number): boolean {
  return (((row[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

/** Adds `source` to `target` over GF(2), in place. Both have the same length. */
function xorInto(target: Uint8Array, source: Uint8Array): void {
  for (let index = 0; index < target.length; index++) {
    target[index] = (target[index] ?? 0) ^ (source[index] ?? 0);
  }
}
