import { type Bytes, concat, encodeCbor, sha256 } from '@tallystick/protocol';

/** A stream of choices that a seed and a name determine. */
export interface Random {
  /** A whole number from 0 up to, but without, `below`. */
  int(below: number): number;
  /** True with this probability, in parts per thousand. */
  perMille(chance: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Bytes;
  /** An independent stream: what one agent draws does not change what another one gets. */
  fork(name: string): Random;
}

/**
 * SHA-256 in counter mode, four bytes a draw. Slower than an arithmetic generator, but one primitive
 * gives choices, keys and nonces, in every engine alike.
 */
export function seededRandom(seed: string): Random {
  let block = new Uint8Array(0);
  let at = 0;
  let count = 0;
  const word = (): number => {
    if (at + 4 > block.length) {
      block = sha256(encodeCbor([seed, count++])) as Uint8Array<ArrayBuffer>;
      at = 0;
    }
    const value = new DataView(block.buffer, block.byteOffset).getUint32(at);
    at += 4;
    return value;
  };
  const int = (below: number): number => {
    if (!Number.isInteger(below) || below < 1)
      throw new RangeError('below must be a whole number over 0');
    // Words over the largest multiple of `below` would favour small results; they are drawn again.
    const limit = Math.floor(2 ** 32 / below) * below;
    let value = word();
    while (value >= limit) value = word();
    return value % below;
  };
  return {
    int,
    perMille: (chance) => int(1_000) < chance,
    pick: (from) => {
      const index = int(from.length);
      return from[index] as (typeof from)[number];
    },
    bytes: (length) => {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
        sha256(encodeCbor([seed, 'bytes', count++])),
      );
      return concat(...blocks).slice(0, length);
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}
