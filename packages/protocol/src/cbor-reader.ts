import type { Bytes } from './bytes.ts';
import { MAJOR } from './cbor-item.ts';
import { compareKeys, type KeyPlace } from './cbor-writer.ts';
import { LIMITS } from './limits.ts';
import { demand, reject } from './result.ts';
import { readUtf8 } from './utf8.ts';

const SHORT_COUNT = 24;
const INDEFINITE = 31;
const BREAK = 0xff;

/**
 * Reads one item in a single pass. What is no CBOR at all rejects at once; what is CBOR in another
 * than the deterministic form is read on to its end and only marked, since MALFORMED and
 * TRAILING_BYTES come before NON_CANONICAL (TS-ERR-1). Nothing is allocated by a length that the
 * input merely claims.
 */
export class CborReader {
  readonly #bytes: Bytes;
  #at = 0;
  #canonical = true;
  #items = 0;
  /** Argument of the last head: its value as a number, rounded above 2^53. */
  #argument = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** The one item that the bytes are, or a rejection. */
  readAll(): unknown {
    const item = this.#item(0);
    demand(this.#at === this.#bytes.length, 'TRAILING_BYTES');
    demand(this.#canonical, 'NON_CANONICAL');
    return item;
  }

  #item(depth: number): unknown {
    // Words for a refusal are made only when there is one: this runs for every item.
    if (depth > LIMITS.nesting) reject('MALFORMED', `nested deeper than ${LIMITS.nesting}`);
    if (++this.#items > LIMITS.items) reject('MALFORMED', `more than ${LIMITS.items} items`);
    const start = this.#at;
    const initial = this.#byte();
    const major = initial >> 5;
    const info = initial & 31;
    if (major === MAJOR.simple) return this.#simple(info);
    if (info === INDEFINITE) return this.#indefinite(major, depth);
    this.#readArgument(info);
    switch (major) {
      case MAJOR.unsigned:
        return this.#unsigned(start);
      case MAJOR.negative:
        return this.#negative(start);
      case MAJOR.bytes:
        return this.#take(this.#argument);
      case MAJOR.text:
        return this.#text();
      case MAJOR.array:
        return this.#array(depth);
      case MAJOR.map:
        return this.#map(depth);
      default:
        return this.#tagged(depth);
    }
  }

  #byte(): number {
    return this.#bytes[this.#at++] ?? reject('MALFORMED', 'the end is missing');
  }

  #take(length: number): Bytes {
    demand(length <= this.#bytes.length - this.#at, 'MALFORMED', 'the end is missing');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #readArgument(info: number): void {
    if (info < SHORT_COUNT) {
      this.#argument = info;
      return;
    }
    demand(info < 28, 'MALFORMED', 'a reserved head');
    const width = 1 << (info - SHORT_COUNT);
    let value = 0;
    for (let index = 0; index < width; index++) value = value * 256 + this.#byte();
    // Each width has a least value; below it a shorter form was there to use.
    const least = width === 1 ? SHORT_COUNT : 2 ** (width * 4);
    if (value < least) this.#canonical = false;
    this.#argument = value;
  }

  #unsigned(start: number): number | bigint {
    return Number.isSafeInteger(this.#argument) ? this.#argument : this.#exact(start);
  }

  #negative(start: number): number | bigint {
    const value = -1 - this.#argument;
    if (Number.isSafeInteger(value)) return value;
    const exact = -1n - this.#exact(start);
    if (exact < -0x8000_0000_0000_0000n) this.#canonical = false;
    return exact;
  }

  /** The eight bytes after the head at `start`, exactly. */
  #exact(start: number): bigint {
    return this.#bytes
      .subarray(start + 1, start + 9)
      .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  #text(): string {
    const bytes = this.#take(this.#argument);
    demand(bytes.length <= LIMITS.textBytes, 'MALFORMED', `text over ${LIMITS.textBytes} bytes`);
    const text = readUtf8(bytes);
    if (text === null) return reject('MALFORMED', 'text is not UTF-8');
    if (text.normalize('NFC') !== text) this.#canonical = false;
    return text;
  }

  #array(depth: number): unknown[] {
    const items: unknown[] = [];
    for (let left = this.#argument; left > 0; left--) items.push(this.#item(depth + 1));
    return items;
  }

  #map(depth: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    let before: KeyPlace | null = null;
    for (let left = this.#argument; left > 0; left--) {
      const from = this.#at;
      const key = this.#item(depth + 1);
      const place = { from, keyEnd: this.#at };
      if (before !== null && compareKeys(this.#bytes, before, place) >= 0) this.#canonical = false;
      before = place;
      map.set(key, this.#item(depth + 1));
    }
    return map;
  }

  #tagged(depth: number): unknown {
    this.#canonical = false;
    return this.#item(depth + 1);
  }

  #simple(info: number): boolean | null {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    demand(info < 28, 'MALFORMED', info === INDEFINITE ? 'a stray break' : 'a reserved head');
    this.#canonical = false;
    const width = info < SHORT_COUNT ? 0 : 1 << (info - SHORT_COUNT);
    const [first = 0] = this.#take(width);
    // RFC 8949 §3.3: a simple value below 32 in two bytes is not well-formed.
    demand(width !== 1 || first >= 32, 'MALFORMED', 'a simple value in two bytes');
    return null;
  }

  #indefinite(major: number, depth: number): null {
    const container = major === MAJOR.array || major === MAJOR.map;
    const chunked = major === MAJOR.bytes || major === MAJOR.text;
    demand(container || chunked, 'MALFORMED', 'a reserved head');
    this.#canonical = false;
    let items = 0;
    for (; this.#bytes[this.#at] !== BREAK; items++) {
      const head = this.#bytes[this.#at] ?? 0;
      const fits = container || (head >> 5 === major && (head & 31) !== INDEFINITE);
      demand(fits, 'MALFORMED', 'a chunk of another kind');
      this.#item(depth + 1);
    }
    this.#at += 1;
    demand(major !== MAJOR.map || items % 2 === 0, 'MALFORMED', 'a key without its value');
    return null;
  }
}
