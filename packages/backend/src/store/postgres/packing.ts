/**
 * Many values in one column: numbers big-endian, bytes and texts after their length. What is packed
 * is kept for good, so each column says in its first byte which layout it has.
 */
export class PackWriter {
  #into: Buffer;
  #at = 0;

  constructor(layout: number, bytesExpected: number = 1_024) {
    this.#into = Buffer.allocUnsafe(bytesExpected);
    this.u8(layout);
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#at = this.#into.writeUInt8(value, at);
  }

  i32(value: number): void {
    const at = this.#reserve(4);
    this.#at = this.#into.writeInt32BE(value, at);
  }

  /** A safe integer that is not negative. */
  count(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no count`);
    const at = this.#reserve(8);
    this.#into.writeUInt32BE(Math.floor(value / TWO_32), at);
    this.#at = this.#into.writeUInt32BE(value % TWO_32, at + 4);
  }

  /** A count, or null. */
  countOrNull(value: number | null): void {
    this.u8(value === null ? 0 : 1);
    if (value !== null) this.count(value);
  }

  /** Minor units of many payments: not negative, of any size. */
  sum(value: bigint): void {
    const hex = value.toString(16);
    const size = Math.ceil(hex.length / 2);
    this.u8(size);
    this.name(hex.padStart(2 * size, '0'), size);
  }

  /** Minor units of one payment. */
  money(value: bigint): void {
    const at = this.#reserve(8);
    this.#at = this.#into.writeBigInt64BE(value, at);
  }

  /** Lower-case hex of exactly `size` bytes. */
  name(value: string, size: number): void {
    const at = this.#reserve(size);
    const written = this.#into.write(value, at, size, 'hex');
    if (written !== size || value.length !== 2 * size) {
      throw new RangeError(`${value} is not hex of ${size} bytes`);
    }
    this.#at = at + size;
  }

  bytes(value: Uint8Array): void {
    const at = this.#reserve(4 + value.length);
    this.#into.writeUInt32BE(value.length, at);
    this.#into.set(value, at + 4);
    this.#at = at + 4 + value.length;
  }

  text(value: string): void {
    this.bytes(Buffer.from(value));
  }

  finish(): Uint8Array {
    return this.#into.subarray(0, this.#at);
  }

  #reserve(size: number): number {
    if (this.#at + size > this.#into.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#into.length, this.#at + size));
      larger.set(this.#into.subarray(0, this.#at));
      this.#into = larger;
    }
    return this.#at;
  }
}

/** Reads what {@link PackWriter} wrote, in the same order. */
export class PackReader {
  readonly #from: Buffer;
  #at = 0;
  /** Which of the layouts that this code reads. */
  readonly layout: number;

  /**
   * `layouts` are those that this code reads.
   * @throws RangeError for another: of a later version. So does every read beyond the end.
   */
  constructor(bytes: Uint8Array, ...layouts: readonly number[]) {
    this.#from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.layout = this.u8();
    if (!layouts.includes(this.layout)) {
      throw new RangeError(`packed rows of layout ${this.layout}, not ${layouts.join(' or ')}`);
    }
  }

  get hasMore(): boolean {
    return this.#at < this.#from.length;
  }

  /** @throws RangeError unless everything has been read */
  end(): void {
    if (this.hasMore) throw new RangeError('a packed row is longer than it should be');
  }

  u8(): number {
    return this.#from.readUInt8(this.#skip(1));
  }

  i32(): number {
    return this.#from.readInt32BE(this.#skip(4));
  }

  count(): number {
    const at = this.#skip(8);
    return this.#from.readUInt32BE(at) * TWO_32 + this.#from.readUInt32BE(at + 4);
  }

  countOrNull(): number | null {
    return this.u8() === 0 ? null : this.count();
  }

  sum(): bigint {
    return BigInt(`0x0${this.name(this.u8())}`);
  }

  money(): bigint {
    return this.#from.readBigInt64BE(this.#skip(8));
  }

  name(size: number): string {
    const at = this.#skip(size);
    return this.#from.toString('hex', at, at + size);
  }

  /** A view of the packed bytes. */
  bytes(): Uint8Array {
    const size = this.#from.readUInt32BE(this.#skip(4));
    const at = this.#skip(size);
    return new Uint8Array(this.#from.buffer, this.#from.byteOffset + at, size);
  }

  text(): string {
    const size = this.#from.readUInt32BE(this.#skip(4));
    const at = this.#skip(size);
    return this.#from.toString('utf8', at, at + size);
  }

  #skip(size: number): number {
    const at = this.#at;
    this.#at += size;
    if (this.#at > this.#from.length) throw new RangeError('a packed row is cut short');
    return at;
  }
}

const TWO_32 = 2 ** 32;

/** Places in a closed list, written as one byte: the list only ever grows at its end. */
export function placeIn<T extends string>(list: readonly T[], value: T): number {
  const place = list.indexOf(value);
  if (place < 0) throw new RangeError(`${value} is none of ${list.join(', ')}`);
  return place;
}

/** The reverse of {@link placeIn}. */
export function fromPlace<T extends string>(list: readonly T[], place: number): T {
  const value = list[place];
  if (value === undefined) throw new RangeError(`nothing is at place ${place}`);
  return value;
}
