import { type Bytes, concat } from '@tallystick/protocol';
import type { Random } from './random.ts';

/** Heads and numbers at which decoders stumble: lengths that lie, breaks, tags, floats, bounds. */
const TOKENS: readonly Bytes[] = [
  [0x00],
  [0xff],
  [0x18, 0x00],
  [0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0],
  [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x5a, 0x7f, 0xff, 0xff, 0xff],
  [0x5b, 0, 0, 0, 1, 0, 0, 0, 0],
  [0x5f],
  [0x7a, 0, 1, 0, 0],
  [0x7f],
  [0x80],
  [0x9a, 0xff, 0xff, 0xff, 0xff],
  [0x9b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x9f],
  [0xa0],
  [0xba, 0x7f, 0xff, 0xff, 0xff],
  [0xbf],
  [0xc2, 0x49, 1],
  [0xd9, 0xd9, 0xf7],
  [0xf6],
  [0xf7],
  [0xf9, 0x7e, 0x00],
  [0xcc, 0x81],
  [0xed, 0xa0, 0x80],
].map((each) => Uint8Array.from(each));

/** A copy with a few bytes changed, lost, repeated, or taken from another input. */
export function mutateBytes(input: Bytes, other: Bytes, random: Random): Bytes {
  const at = random.below(input.length + 1);
  const length = 1 + random.below(random.once(4) ? 64 : 4);
  const [before, after] = [input.subarray(0, at), input.subarray(at)];
  switch (random.below(9)) {
    case 0:
      return changed(input, at, (byte) => byte ^ (1 << random.below(8)));
    case 1:
      return changed(input, at, () => random.below(256));
    case 2:
      return changed(input, at, (byte) => byte + (random.once(2) ? 1 : -1));
    case 3:
      return before.slice();
    case 4:
      return concat(before, after.subarray(length));
    case 5:
      return concat(before, after.subarray(0, length), after);
    case 6:
      return concat(before, random.pick(TOKENS), after.subarray(random.below(3)));
    case 7:
      return concat(before, other.subarray(random.below(other.length + 1)));
    default: {
      const from = random.below(other.length + 1);
      return concat(before, other.subarray(from, from + length), after);
    }
  }
}

function changed(input: Bytes, at: number, change: (byte: number) => number): Bytes {
  const out = input.slice();
  if (at < out.length) out[at] = change(out[at] ?? 0);
  return out;
}
