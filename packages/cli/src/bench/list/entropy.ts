/** Bytes that any encoding needs on average for `chosen` indices out of `all`: log2 of their number. */
export function entropyBytes(all: number, chosen: number): number {
  let bits = 0;
  for (let taken = 0; taken < chosen; taken++) bits += Math.log2((all - taken) / (taken + 1));
  return bits / 8;
}
