import { sha256 } from '@tallystick/protocol';

/**
 * Which fragments a part of a fountain mixes (BCR-2020-005, BCR-2024-001). Sender and scanner both
 * compute it from the part's number, so a part need not list them. The first `parts` numbers are the
 * plain fragments in order; every later one is a pseudo-random mix.
 *
 * Floating point is part of that specification, and IEEE 754 gives every engine the same result.
 * Returns fragment indices from 0, each at most once, in no particular order.
 */
export function mixedFragments(number: number, parts: number, checksum: number): number[] {
  if (number <= parts) return [number - 1];
  const random = new Xoshiro(number, checksum);
  const degree = chooseDegree(parts, random);
  const remaining = Array.from({ length: parts }, (_, index) => index);
  const chosen: number[] = [];
  while (chosen.length < degree) {
    // Clamped: 64 random ones round up to exactly 1, which would point past the end.
    const at = Math.min(Math.floor(random.next() * remaining.length), remaining.length - 1);
    chosen.push(...remaining.splice(at, 1));
  }
  return chosen;
}

/** How many fragments to mix: k with a weight of 1/k, by Vose's alias method. */
function chooseDegree(parts: number, random: Xoshiro): number {
  const weights = Array.from({ length: parts }, (_, index) => 1 / (index + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const share = Float64Array.from(weights, (weight) => (weight * parts) / sum);
  const alias = new Uint32Array(parts);
  const small: number[] = [];
  const large: number[] = [];
  for (let index = parts - 1; index >= 0; index--) {
    (at(share, index) < 1 ? small : large).push(index);
  }
  for (;;) {
    const less = small.pop();
    const more = large.pop();
    if (less === undefined || more === undefined) {
      // Whatever is left over has a full share, short of rounding.
      for (const index of [less, more, ...small, ...large]) {
        if (index !== undefined) share[index] = 1;
      }
      break;
    }
    alias[less] = more;
    share[more] = at(share, more) + at(share, less) - 1;
    (at(share, more) < 1 ? small : large).push(more);
  }
  const column = Math.min(Math.floor(random.next() * parts), parts - 1);
  return (random.next() < at(share, column) ? column : at(alias, column)) + 1;
}

function at(values: Float64Array | Uint32Array, index: number): number {
  return values[index] ?? 0;
}

const TWO_TO_64 = 2 ** 64;

/** The generator xoshiro256**, seeded with SHA-256 over a part's number and checksum. */
class Xoshiro {
  readonly #state = new BigUint64Array(4);

  constructor(number: number, checksum: number) {
    const seed = new DataView(new ArrayBuffer(8));
    seed.setUint32(0, number);
    seed.setUint32(4, checksum);
    const digest = sha256(new Uint8Array(seed.buffer));
    const words = new DataView(digest.buffer, digest.byteOffset, digest.length);
    for (let index = 0; index < 4; index++) this.#state[index] = words.getBigUint64(index * 8);
  }

  /** A number from 0 to 1 inclusive; 1 only when the top 54 bits are all ones. */
  next(): number {
    let [a = 0n, b = 0n, c = 0n, d = 0n] = this.#state;
    const result = BigInt.asUintN(64, rotateLeft(BigInt.asUintN(64, b * 5n), 7n) * 9n);
    const shifted = b << 17n;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    // A BigUint64Array keeps the low 64 bits of what is stored into it.
    this.#state.set([a, b, c, rotateLeft(d, 45n)]);
    return Number(result) / TWO_TO_64;
  }
}

function rotateLeft(word: bigint, by: bigint): bigint {
  return BigInt.asUintN(64, word << by) | (word >> (64n - by));
}
