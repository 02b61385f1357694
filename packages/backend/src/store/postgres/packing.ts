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
    const at = this.#reserve(8);
    this.#into.writeUInt32BE(Math.floor(value / TWO_32), at);
    this.#at = this.#into.writeUInt32BE(value % TWO_32, at + 4);
  }

  /** A count, or null. */
  countOrNull(value: number | null): void {
    this.u8(value === null ? 0 : 1);
    if (value !== null) this.count(value);
  }

  /** Minor units. */
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

  /** @throws RangeError for a layout that this code does not know: of a later version */
  constructor(bytes: Uint8Array, layout: number) {
    this.#from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = this.u8();
    if (found !== layout) throw new RangeError(`packed rows of layout ${found}, not ${layout}`);
  }

  get hasMore(): boolean {
    return this.#at < this.#from.length;
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
