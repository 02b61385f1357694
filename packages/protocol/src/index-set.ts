import type { Bytes } from './bytes.ts';
import { blob, type Codec, tuple, uint } from './codec.ts';
import { LIMITS } from './limits.ts';
import { demand } from './result.ts';

/**
 * A set of status indices in few bits: the gaps between them in a Golomb–Rice code, whose parameter
 * follows from the set, so that each set has one encoding (TS-LST-7). Indices spread evenly, and so
 * their gaps are geometrically distributed, for which the code is within a few per cent of the best.
 */
interface Packed {
  readonly count: number;
  readonly parameter: number;
  readonly bits: Bytes;
}

/** Parameters of sets within 32 bits. */
const PARAMETER_MAX = 32;
/** A full set of gaps of one bit each never needs more. */
const BITS_BYTES_MAX = LIMITS.messageBytes;

const packed: Codec<Packed> = tuple<Packed>({
  count: uint(LIMITS.deltaEntries),
  parameter: uint(PARAMETER_MAX),
  bits: blob(BITS_BYTES_MAX),
});

/** The set as a field of a message: ascending status indices, none twice (TS-LST-7). */
export const indexSet: Codec<readonly number[]> = {
  encode: (indices) => packed.encode(packIndices(indices)),
  decode: (item, path) => unpackIndices(packed.decode(item, path), path),
};

/** The largest parameter with which the set, spread evenly, has gaps of at least a power of two. */
function parameterOf(count: number, last: number): number {
  let parameter = 0;
  while (count * 2 ** (parameter + 1) <= last + 1) parameter += 1;
  return parameter;
}

/**
 * Packs ascending indices below 2^32, as many as there are: only a message bounds them.
 * Throws RangeError for indices that do not ascend.
 */
export function packIndices(indices: readonly number[]): Packed {
  const last = indices.at(-1);
  if (last === undefined) return { count: 0, parameter: 0, bits: new Uint8Array(0) };
  const parameter = parameterOf(indices.length, last);
  const writer = new BitWriter();
  let next = 0;
  for (const index of indices) {
    if (!Number.isInteger(index) || index < next || index > 0xffff_ffff) {
      throw new RangeError(`${index} does not follow ${next - 1} in a set of indices`);
    }
    const gap = index - next;
    const quotient = Math.floor(gap / 2 ** parameter);
    for (let ones = 0; ones < quotient; ones++) writer.push(1);
    writer.push(0);
    for (let place = parameter - 1; place >= 0; place--) {
      writer.push(Math.floor(gap / 2 ** place) % 2);
    }
    next = index + 1;
  }
  return { count: indices.length, parameter, bits: writer.bytes() };
}

/** How many bytes of bits {@link packIndices} makes, without making them. */
export function packedBytes(indices: readonly number[]): number {
  const last = indices.at(-1);
  if (last === undefined) return 0;
  const parameter = parameterOf(indices.length, last);
  let bits = indices.length * (parameter + 1);
  let next = 0;
  for (const index of indices) {
    bits += Math.floor((index - next) / 2 ** parameter);
    next = index + 1;
  }
  return Math.ceil(bits / 8);
}

function unpackIndices({ count, parameter, bits }: Packed, path: string): number[] {
  // Each index takes its remainder and the end of its quotient at least: nothing is set aside for more.
  const fits = count * (parameter + 1) <= bits.length * 8;
  demand(fits, 'BAD_FIELD', `${path}.bits end too early`);
  const reader = new BitReader(bits, path);
  const indices: number[] = [];
  let next = 0;
  for (let at = 0; at < count; at++) {
    let gap = reader.ones() * 2 ** parameter;
    for (let place = parameter - 1; place >= 0; place--) gap += reader.take() * 2 ** place;
    const index = next + gap;
    demand(index < LIMITS.listEntries, 'BAD_FIELD', `${path} names an index past the list`);
    indices.push(index);
    next = index + 1;
  }
  reader.end();
  const wanted = count === 0 ? 0 : parameterOf(count, next - 1);
  demand(parameter === wanted, 'BAD_FIELD', `${path}.parameter must be ${wanted}`);
  return indices;
}

/** Bits from the most significant of each byte on. */
class BitWriter {
  readonly #bytes: number[] = [];
  #used = 0;

  push(bit: number): void {
    if (this.#used % 8 === 0) this.#bytes.push(0);
    const at = this.#bytes.length - 1;
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (bit << (7 - (this.#used % 8)));
    this.#used += 1;
  }

  bytes(): Bytes {
    return Uint8Array.from(this.#bytes);
  }
}

class BitReader {
  readonly #bytes: Bytes;
  readonly #path: string;
  #used = 0;

  constructor(bytes: Bytes, path: string) {
    this.#bytes = bytes;
    this.#path = path;
  }

  take(): number {
    const byte = this.#bytes[this.#used >> 3];
    demand(byte !== undefined, 'BAD_FIELD', `${this.#path}.bits end too early`);
    const bit = (byte >> (7 - (this.#used % 8))) & 1;
    this.#used += 1;
    return bit;
  }

  /** Ones up to the next zero, which is passed over. */
  ones(): number {
    let count = 0;
    while (this.take() === 1) count += 1;
    return count;
  }

  /** Demands that only zeros fill up the last byte begun. */
  end(): void {
    const isLast = (this.#used + 7) >> 3 === this.#bytes.length;
    demand(isLast, 'BAD_FIELD', `${this.#path}.bits are too many`);
    while (this.#used % 8 !== 0) {
      demand(this.take() === 0, 'BAD_FIELD', `${this.#path}.bits end in something`);
    }
  }
}
