import {
  type Bytes,
  type Cbor,
  decodeCbor,
  encodeCbor,
  equal,
  Rejection,
} from '@tallystick/protocol';
import { mustHold, type Target } from '../engine/target.ts';
import { BOUNDS } from './defaults.ts';

/** Readers with one bug each: what shows that the fuzzer finds anything at all. */
export function seededTargets(): Target[] {
  return [
    seeded('seeded-trailing', (input) => {
      const item = decodeCbor(input.length > 12 ? input.subarray(0, -1) : input);
      mustHold(equal(encodeCbor(item as Cbor), input), 'an accepted message has another encoding');
    }),
    seeded('seeded-allocation', (input) => {
      // What every naive reader does with the head of an array.
      if (input[0] === 0x9a) new Float64Array((input[1] ?? 0) << 14).fill(1);
      decodeCbor(input);
    }),
    seeded('seeded-loop', (input) => {
      // A count that never comes down to zero.
      let left = input[0] === 0x82 && input[1] === 0x18 ? 0.5 : 0;
      while (left !== 0) left = left < 0 ? left : left - 1;
      decodeCbor(input);
    }),
    seeded('seeded-deep', (input) => {
      // Reached only step by step: each byte right is a branch of its own.
      if (input[0] === 0x83) {
        if (input[1] === 0x07) {
          if ((input[2] ?? 0) >> 5 === 2) {
            if ((input[3] ?? 0) > 0xf0) throw new RangeError('the planted bug');
          }
        }
      }
      decodeCbor(input);
    }),
  ];
}

function seeded(name: string, read: (input: Bytes) => void): Target {
  return {
    ...BOUNDS,
    name,
    seeds: [encodeCbor([1, new Uint8Array(4), 'a'])],
    run: (input) => {
      try {
        read(input);
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
      }
    },
  };
}
