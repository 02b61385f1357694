import { type Bytes, encodeCbor, sha256 } from '@tallystick/protocol';

/**
 * Bytes that look random and depend on nothing but a seed: SHA-256 in counter mode. For simulations
 * and tests; whoever knows the seed knows every key made from it.
 */
export function seededRandom(seed: string): (length: number) => Bytes {
  let blocks = 0;
  return (length) => {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += 32) {
      out.set(sha256(encodeCbor([seed, blocks++])).subarray(0, length - at), at);
    }
    return out;
  };
}
