import { type Bytes, concat } from '@tallystick/protocol';

/** Attempts at making one input smaller. */
const ATTEMPTS = 400;

/** The smallest input found that still fails, by leaving out ever smaller parts. */
export async function shrink(
  input: Bytes,
  fails: (candidate: Bytes) => Promise<boolean>,
): Promise<Bytes> {
  let smallest = input;
  let left = ATTEMPTS;
  for (let size = input.length >> 1; size >= 1 && left > 0; size >>= 1) {
    for (let at = 0; at < smallest.length && left > 0; left--) {
      const candidate = concat(smallest.subarray(0, at), smallest.subarray(at + size));
      if (await fails(candidate)) smallest = candidate;
      else at += size;
    }
  }
  return smallest;
}
