import type { Bytes } from './bytes.ts';
import { type Cbor, MAJOR } from './cbor-item.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';

const UINT64_MAX = 0xffff_ffff_ffff_ffffn;
const INT64_MIN_MAGNITUDE = 0x7fff_ffff_ffff_ffffn;

/** Where messages are written before they are copied out: making room for each costs more than both. */
let scratch: Bytes = new Uint8Array(4_096);

/** What is larger is not kept. */
const SCRATCH_BYTES_MAX = 65_536;

/** Writes the one deterministic encoding; grows its buffer as it goes. One writer is at work at a time. */
export class CborWriter {
  #bytes: Bytes = scratch;
  #length = 0;

  /** What was written so far, as a copy of its own. */
  finish(): Bytes {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written so far, where it stands: the next writer writes over it. */
  peek(): Bytes {
    return this.#bytes.subarray(0, this.#length);
  }

  write(value: Cbor): void {
    switch (typeof value) {
      case 'number':
        return this.#number(value);
      case 'bigint':
        return this.#integer(value);
      case 'string':
        return this.#text(value);
      case 'boolean':
        return this.#byte(value ? 0xf5 : 0xf4);
      case 'object':
        if (value === null) return this.#byte(0xf6);
        if (value instanceof Uint8Array) return this.#blob(value);
        if (Array.isArray(value)) return this.#array(value as readonly Cbor[]);
        if (value instanceof Map) return this.#map(value as ReadonlyMap<Cbor, Cbor>);
        break;
      default:
    }
    throw new TypeError(`${typeof value} has no place in a message`);
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no safe whole number`);
    if (value >= 0) this.#head(MAJOR.unsigned, value);
    else this.#head(MAJOR.negative, -1 - value);
  }

  #integer(value: bigint): void {
    const negative = value < 0n;
    const argument = negative ? -1n - value : value;
    if (argument <= BigInt(Number.MAX_SAFE_INTEGER)) {
      return this.#head(negative ? MAJOR.negative : MAJOR.unsigned, Number(argument));
    }
    if (argument > (negative ? INT64_MIN_MAGNITUDE : UINT64_MAX)) {
      throw new RangeError(`${value} does not fit into 64 bits`);
    }
    this.#byte(((negative ? MAJOR.negative : MAJOR.unsigned) << 5) | 27);
    this.#uint32(Number(argument >> 32n));
    this.#uint32(Number(argument & 0xffff_ffffn));
  }

  #text(value: string): void {
    // One text has one encoding: composed form, as dCBOR asks.
    const text = value.normalize('NFC');
    const length = utf8Length(text);
    this.#head(MAJOR.text, length);
    this.#reserve(length);
    writeUtf8(text, this.#bytes, this.#length);
    this.#length += length;
  }

  #blob(value: Bytes): void {
    this.#head(MAJOR.bytes, value.length);
    this.#raw(value);
  }

  #array(value: readonly Cbor[]): void {
    this.#head(MAJOR.array, value.length);
    for (const each of value) this.write(each);
  }

  #map(value: ReadonlyMap<Cbor, Cbor>): void {
    this.#head(MAJOR.map, value.size);
    const start = this.#length;
    const entries: Place[] = [];
    for (const [key, each] of value) {
      const from = this.#length;
      this.write(key);
      const keyEnd = this.#length;
      this.write(each);
      entries.push({ from, keyEnd, end: this.#length });
    }
    const compare = (a: Place, b: Place): number => compareKeys(this.#bytes, a, b);
    const rising = (place: Place, index: number): boolean =>
      index === 0 || compare(entries[index - 1] as Place, place) < 0;
    if (!entries.every(rising)) this.#sort(start, entries.toSorted(compare), compare);
  }

  /** Puts the entries of a map that were written as they came into the order of their keys. */
  #sort(start: number, sorted: readonly Place[], compare: (a: Place, b: Place) => number): void {
    sorted.forEach((place, index) => {
      const before = sorted[index - 1];
      if (before !== undefined && compare(before, place) === 0) {
        throw new TypeError('two keys of a map have one encoding');
      }
    });
    const written = this.#bytes.slice(start, this.#length);
    this.#length = start;
    for (const { from, end } of sorted) this.#raw(written.subarray(from - start, end - start));
  }

  /** Major type and argument in the shortest of the five forms. */
  #head(major: number, argument: number): void {
    const top = major << 5;
    if (argument < 24) return this.#byte(top | argument);
    if (argument <= 0xff) {
      this.#byte(top | 24);
      return this.#byte(argument);
    }
    if (argument <= 0xffff) {
      this.#byte(top | 25);
      this.#byte(argument >> 8);
      return this.#byte(argument & 0xff);
    }
    if (argument <= 0xffff_ffff) {
      this.#byte(top | 26);
      return this.#uint32(argument);
    }
    this.#byte(top | 27);
    this.#uint32(Math.floor(argument / 0x1_0000_0000));
    this.#uint32(argument % 0x1_0000_0000);
  }

  #uint32(value: number): void {
    this.#byte((value >>> 24) & 0xff);
    this.#byte((value >>> 16) & 0xff);
    this.#byte((value >>> 8) & 0xff);
    this.#byte(value & 0xff);
  }

  #raw(bytes: Bytes): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
    if (grown.length <= SCRATCH_BYTES_MAX) scratch = grown;
  }
}

/** Where one entry of a map stands. */
interface Place extends KeyPlace {
  readonly end: number;
}

export interface KeyPlace {
  readonly from: number;
  readonly keyEnd: number;
}

/** Order of two keys where they stand, first difference first; a prefix comes before what it opens. */
export function compareKeys(bytes: Bytes, a: KeyPlace, b: KeyPlace): number {
  const [aLength, bLength] = [a.keyEnd - a.from, b.keyEnd - b.from];
  const shared = Math.min(aLength, bLength);
  for (let index = 0; index < shared; index++) {
    const difference = (bytes[a.from + index] ?? 0) - (bytes[b.from + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}
